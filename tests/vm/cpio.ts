/**
 * The archives that the kernel unpacks at boot, in cpio's “newc” format:
 * https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
 */

export interface Entry {
  /** Without a leading slash; its directory comes before it. */
  readonly path: string;
  /** Type and permissions, as in st_mode. */
  readonly mode: number;
  /** A file's content or a link's target; empty for a directory. */
  readonly content: Uint8Array;
}

export const S_IFDIR = 0o040000;
export const S_IFREG = 0o100000;
export const S_IFLNK = 0o120000;

const MAGIC = "070701";
const END = "TRAILER!!!";
const encoder = new TextEncoder();

/** An entry, owned by root and padded to four bytes. `number` is its unique inode number. */
export function cpioEntry({ path, mode, content }: Entry, number: number): Uint8Array<ArrayBuffer> {
  const name = encoder.encode(`${path}\0`);
  const uid = 0, gid = 0, mtime = 0, device = 0, check = 0;
  const links = mode >= S_IFDIR && mode < 2 * S_IFDIR ? 2 : 1;
  const fields = [
    ...[number, mode, uid, gid, links, mtime, content.length],
    ...[device, device, device, device, name.length, check],
  ];
  const header = encoder.encode(
    MAGIC + fields.map((field) => field.toString(16).padStart(8, "0")).join(""),
  );
  const start = padded(header.length + name.length);
  const bytes = new Uint8Array(start + padded(content.length));
  bytes.set(header);
  bytes.set(name, header.length);
  bytes.set(content, start);
  return bytes;
}

/** The end of an archive. */
export function cpioEnd(): Uint8Array<ArrayBuffer> {
  return cpioEntry({ path: END, mode: 0, content: new Uint8Array() }, 0);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
