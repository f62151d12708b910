import { C_LIBRARIES, type CLibrary } from "../elf/c_library.ts";

/** What to install: an interpreter for the programs of a machine or format. */
export interface Need {
  /** Its ID in the configuration. */
  readonly interpreter: string;
  readonly target: string;
  /** The program's C library. */
  readonly library: CLibrary;
}

const BETWEEN = "@";

/** As one argument: `fex@x86_64`, `qemu@arm@armel`. */
export function needText(need: Need): string {
  return `${need.interpreter}${BETWEEN}${targetText(need)}`;
}

/** `x86_64`, `arm@armel` */
export function targetText({ target, library }: Omit<Need, "interpreter">): string {
  return library === "glibc" ? target : `${target}${BETWEEN}${library}`;
}

/** The reverse of targetText(). */
export function parseTarget(text: string): Omit<Need, "interpreter"> {
  const library = C_LIBRARIES.find((each) => text.endsWith(`${BETWEEN}${each}`)) ?? "glibc";
  const end = library === "glibc" ? text.length : text.length - BETWEEN.length - library.length;
  return { target: text.slice(0, end), library };
}

/** The reverse of needText(); undefined if malformed. An ID may contain @ itself. */
export function parseNeed(text: string): Need | undefined {
  const { target: rest, library } = parseTarget(text);
  const at = rest.lastIndexOf(BETWEEN);
  const need = { interpreter: rest.slice(0, Math.max(at, 0)), target: rest.slice(at + 1), library };
  return at > 0 && need.target !== "" ? need : undefined;
}
