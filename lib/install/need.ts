/** What is to be installed: an interpreter, for the programs of a machine or format. */
export interface Need {
  /** Its ID in the configuration. */
  readonly interpreter: string;
  readonly target: string;
}

const BETWEEN = "@";

/** As one argument: `fex@x86_64`. */
export function needText({ interpreter, target }: Need): string {
  return `${interpreter}${BETWEEN}${target}`;
}

/** The same back; undefined for what is none. An ID may itself have the sign in it. */
export function parseNeed(text: string): Need | undefined {
  const at = text.lastIndexOf(BETWEEN);
  const need = { interpreter: text.slice(0, Math.max(at, 0)), target: text.slice(at + 1) };
  return at > 0 && need.target !== "" ? need : undefined;
}
