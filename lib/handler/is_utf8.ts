/** UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF. */
import { at } from "./outside.ts";

export function isUtf8(bytes: Uint8Array): boolean {
  let i = 0;
  while (i < bytes.length) {
    const lead = at(bytes, i);
    const n = followers(lead);
    if (n < 0 || n > bytes.length - i - 1) return false;
    if (n > 0 && !isSecond(lead, at(bytes, i + 1))) return false;
    for (let k = 2; k <= n; k++) {
      if (!isFollower(at(bytes, i + k))) return false;
    }
    i += n + 1;
  }
  return true;
}

/** How many bytes must follow this one; −1 if no character begins with it. */
function followers(lead: number): number {
  if (lead < 0x80) return 0;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  if (lead < 0xe0) return 1;
  return lead < 0xf0 ? 2 : 3;
}

function isFollower(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

/** May this byte follow `lead`? Some first bytes allow fewer second bytes. */
function isSecond(lead: number, second: number): boolean {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0 && second <= 0xbf;
    case 0xed:
      return second >= 0x80 && second <= 0x9f;
    case 0xf0:
      return second >= 0x90 && second <= 0xbf;
    case 0xf4:
      return second >= 0x80 && second <= 0x8f;
    default:
      return isFollower(second);
  }
}
