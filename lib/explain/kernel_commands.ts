/** Commands by which root changes what binfmt_misc does. */
import { shellQuote } from "../shell_quote.ts";

export const BINFMT_MISC = "/proc/sys/fs/binfmt_misc";

/** Enables the entry; the name `status` stands for all. */
export function switchOn(entry: string): string {
  return `echo 1 >${BINFMT_MISC}/${shellQuote(entry)}`;
}
