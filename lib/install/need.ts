import { C_LIBRARIES, type CLibrary } from "../elf/c_library.ts";

/** What is to be installed: an interpreter, for the programs of a machine or format. */
export interface Need {
  /** Its ID in the configuration. */
  readonly interpreter: string;
  readonly target: string;
  /** The one that the program asks for. */
  readonly library: CLibrary;
}

const BETWEEN = "@";

/** As one argument: `fex@x86_64`, `qemu@arm@armel`. */
export function needText({ interpreter, target, library }: Need): string {
  return [interpreter, target, ...(library === "glibc" ? [] : [library])].join(BETWEEN);
}

/** The same back; undefined for what is none. An ID may itself have the sign in it. */
export function parseNeed(text: string): Need | undefined {
  const library = C_LIBRARIES.find((each) => text.endsWith(`${BETWEEN}${each}`)) ?? "glibc";
  const rest = library === "glibc" ? text : text.slice(0, -BETWEEN.length - library.length);
  const at = rest.lastIndexOf(BETWEEN);
  const need = { interpreter: rest.slice(0, Math.max(at, 0)), target: rest.slice(at + 1), library };
  return at > 0 && need.target !== "" ? need : undefined;
}
