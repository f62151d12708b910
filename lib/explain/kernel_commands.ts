/** What root types to change what binfmt_misc does. */
import { shellQuote } from "../shell_quote.ts";

export const BINFMT_MISC = "/proc/sys/fs/binfmt_misc";

/** Switches the entry on, or all of them: its name is `status`. */
export function switchOn(entry: string): string {
  return `echo 1 >${BINFMT_MISC}/${shellQuote(entry)}`;
}
