/** What is to be installed: an interpreter, for the programs of a machine or format. */
export interface Need {
  /** Its ID in the configuration. */
  readonly interpreter: string;
  readonly row: string;
}

const BETWEEN = "@";

/** As one argument: `fex@x86_64`. */
export function needText({ interpreter, row }: Need): string {
  return `${interpreter}${BETWEEN}${row}`;
}

/** The same back; undefined for what is none. An ID may itself have the sign in it. */
export function parseNeed(text: string): Need | undefined {
  const at = text.lastIndexOf(BETWEEN);
  const need = { interpreter: text.slice(0, Math.max(at, 0)), row: text.slice(at + 1) };
  return at > 0 && need.row !== "" ? need : undefined;
}
