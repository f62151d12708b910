import type { KernelEntry } from "../explain/handler_facts.ts";
import { matchesMagic } from "./matches_magic.ts";

/**
 * Has a program that begins so the entry's magic or extension? As search_binfmt_handler() in
 * fs/binfmt_misc.c: an extension is what follows the last dot.
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
