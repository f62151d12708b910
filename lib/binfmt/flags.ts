import type { Failure } from "../failure.ts";

/** The flags of the handler's entries by default. */
export const HANDLER_FLAGS = "POF";

const ALL = "POCF";
const FOR_HANDLER = ["P", "PO", "POF"];

const CREDENTIALS = "with flag C, the interpreter of a setuid program runs with its privileges, " +
  "but reopens it by name and obeys its caller's environment";

/**
 * Why an entry must not have these flags, or undefined. The handler needs P to give programs their
 * argv[0]; without O it cannot read programs that may only be executed.
 * https://docs.kernel.org/admin-guide/binfmt-misc.html
 */
export function flagsFault(flags: string, direct: boolean): Failure | undefined {
  const what = `use the flags “${flags}”`;
  const letters = [...flags];
  const wrong = letters.find((letter, i) => !ALL.includes(letter) || flags.indexOf(letter) !== i);
  if (wrong !== undefined) {
    const why = ALL.includes(wrong)
      ? `“${wrong}” appears twice`
      : `“${wrong}” is not one of ${ALL}`;
    return { code: "usage", what, why };
  }
  if (direct) return undefined;
  if (flags.includes("C")) {
    const hint = "The handler never runs setuid programs: use P, PO or POF.";
    return { code: "refused", what, why: CREDENTIALS, hint };
  }
  const sorted = [...ALL].filter((letter) => flags.includes(letter)).join("");
  if (FOR_HANDLER.includes(sorted)) return undefined;
  return { code: "refused", what, why: `the handler needs one of ${FOR_HANDLER.join(", ")}` };
}

/** The warning about flag C in an entry that names an interpreter itself. */
export function flagsWarning(flags: string): string | undefined {
  return flags.includes("C") ? CREDENTIALS : undefined;
}

/**
 * The default flags of an entry that names an interpreter itself. With F, it also works in
 * containers. Only qemu and FEX support P: others would take argv[0] for the first argument.
 */
export function directFlags(interpreter: string): string {
  return /\/(?:qemu-[^/]*|FEX|FEXInterpreter)$/.test(interpreter) ? "PF" : "F";
}
