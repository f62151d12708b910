export interface Magic {
  readonly magic: Uint8Array;
  /** As long as the magic. */
  readonly mask: Uint8Array;
  /** In bytes. */
  readonly offset: number;
}

/**
 * Does an entry with this magic match a file with this head, as in search_binfmt_handler() in
 * fs/binfmt_misc.c? Bytes after the head match only if their mask is 0.
 */
export function matchesMagic({ magic, mask, offset }: Magic, head: Uint8Array): boolean {
  return magic.every((byte, i) => {
    const found = head[offset + i];
    return mask[i] === 0 || (found !== undefined && ((found ^ byte) & mask[i]!) === 0);
  });
}
