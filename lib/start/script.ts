/** The first line of a script, read as the kernel does: load_script() in fs/binfmt_script.c. */

/** BINPRM_BUF_SIZE: the kernel looks no further. */
export const SCRIPT_HEAD = 256;
const decoder = new TextDecoder();

export interface Script {
  /** What the kernel starts. */
  readonly interpreter: string;
  /** All that follows it, as one argument; undefined where nothing does. */
  readonly argument: string | undefined;
}

/** Undefined for what is no script, or names no interpreter within what the kernel reads. */
export function readScript(head: Uint8Array): Script | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const text = decoder.decode(head.subarray(2, SCRIPT_HEAD));
  const end = text.search(/[\n\0]/);
  // A line that goes on beyond what the kernel reads may be cut in its argument, not in its path.
  const whole = end >= 0 || head.length < SCRIPT_HEAD;
  const line = end < 0 ? text : text.slice(0, end);
  const [, interpreter = "", gap = "", argument = ""] =
    /^[ \t]*([^ \t]*)([ \t]*)(.*?)[ \t]*$/s.exec(line) ?? [];
  if (interpreter === "" || (!whole && gap === "")) return undefined;
  return { interpreter, argument: argument === "" ? undefined : argument };
}
