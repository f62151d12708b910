import { dirname } from "@std/path";
import { cpioEnd, cpioEntry, type Entry, S_IFDIR, S_IFLNK, S_IFREG } from "./cpio.ts";

/** The files of a machine to boot, all owned by root. Directories are made as needed. */
export class Image {
  readonly #entries = new Map<string, Entry>();

  directory(path: string, mode = 0o755): void {
    if (path === "/" || this.#entries.has(path)) return;
    this.directory(dirname(path));
    this.#add(path, S_IFDIR | mode, new Uint8Array());
  }

  file(path: string, content: string | Uint8Array, mode = 0o644): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#add(path, S_IFREG | mode, bytes);
  }

  link(path: string, target: string): void {
    this.#add(path, S_IFLNK | 0o777, new TextEncoder().encode(target));
  }

  /** Copies a file of this machine, or a directory with all below it, with modes as in Git. */
  copy(source: string, path: string): void {
    const { isDirectory, isSymlink, mode } = Deno.lstatSync(source);
    if (isSymlink) return this.link(path, Deno.readLinkSync(source));
    if (!isDirectory) {
      const isExecutable = ((mode ?? 0) & 0o100) !== 0;
      return this.file(path, Deno.readFileSync(source), isExecutable ? 0o755 : 0o644);
    }
    this.directory(path);
    for (const { name } of Deno.readDirSync(source)) {
      this.copy(`${source}/${name}`, `${path}/${name}`);
    }
  }

  /** As an archive that the kernel unpacks. */
  write(output: string): void {
    using file = Deno.openSync(output, { write: true, create: true, truncate: true });
    const write = (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    };
    let number = 1;
    for (const entry of this.#entries.values()) write(cpioEntry(entry, number++));
    write(cpioEnd());
  }

  #add(path: string, mode: number, content: Uint8Array): void {
    if (!path.startsWith("/")) throw new Error(`Cannot put “${path}” in an image: it is relative`);
    this.directory(dirname(path));
    this.#entries.set(path, { path: path.slice(1), mode, content });
  }
}
