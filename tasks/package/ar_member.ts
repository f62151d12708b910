/** A file in an ar archive, such as a .deb: https://man7.org/linux/man-pages/man5/deb.5.html */

const MAGIC = "!<arch>\n";
/** Bytes of a member's header: its name (16), …, its size in decimal (10, from byte 48), “`\n”. */
const HEADER = 60;

export function arMember(archive: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(archive.subarray(from, from + length)).trimEnd();
  if (text(0, MAGIC.length) !== MAGIC.trimEnd()) throw new Error("this is not an ar archive");
  for (let at = MAGIC.length; at + HEADER <= archive.length;) {
    const size = Number(text(at + 48, 10));
    const begin = at + HEADER;
    if (text(at, 16).replace(/\/$/, "") === name) return archive.subarray(begin, begin + size);
    at = begin + size + size % 2;
  }
  throw new Error(`the archive has no ${name}`);
}
