import type { KernelEntry } from "../explain/handler_facts.ts";
import { matchesMagic } from "./matches_magic.ts";

/**
 * Does the entry match a program with this head and path, as in search_binfmt_handler() in
 * fs/binfmt_misc.c? An extension is what follows the last dot.
 */
export function takes(
  { offset = 0, magic, mask = magic?.map(() => 0xff), extension }: KernelEntry,
  head: Uint8Array,
  path: string,
): boolean {
  if (magic === undefined || mask === undefined) {
    const dot = path.lastIndexOf(".");
    return dot >= 0 && path.slice(dot + 1) === extension;
  }
  return matchesMagic({ magic, mask, offset }, head);
}
