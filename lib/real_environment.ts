import { resolve } from "@std/path";
import { geteuid } from "node:process";
import { compareText } from "./compare_text.ts";
import { readElf } from "./elf/header.ts";
import { NATIVE } from "./elf/machines.ts";
import type {
  Absence,
  Environment,
  FileFacts,
  LinkFacts,
  OpenedFile,
  Tried,
} from "./environment.ts";
import { failed, type Result, success } from "./failure.ts";
import { followLinks } from "./follow_links.ts";
import { HANDLER } from "./paths.ts";
import { readerOf } from "./reader_of.ts";
import { ALONE, readProcess, startProcess } from "./start_process.ts";

export interface RealOptions {
  /** False hides all variables, which are then untrusted. */
  readonly variables?: boolean;
  /** The machine, instead of detecting it. */
  readonly host?: string | undefined;
}

/** Programs of every system, for its own machine. */
const OWN_PROGRAMS = [HANDLER, "/bin/sh"];

/** Milliseconds; a tried program gets SIGALRM before that. */
const PATIENCE = 15_000;
const decoder = new TextDecoder();
/** The bits of st_mode that chmod sets. */
const MODE = 0o7777;

/**
 * The running system, or another root. In another root, links are resolved here, so that absolute
 * ones and `..` never lead out of it.
 */
export class RealEnvironment implements Environment {
  readonly root: string;
  readonly #variables: boolean;
  readonly #host: string | undefined;

  /** `root` may be relative; "" and "/" are the running system. */
  constructor(root: string, { variables = true, host }: RealOptions = {}) {
    this.#variables = variables;
    this.#host = host;
    const cwd = this.workingDirectory();
    const absolute = root === "" ? "/" : cwd === undefined ? root : resolve(cwd, root);
    this.root = absolute === "/" ? "" : absolute;
  }

  read(path: string, offset: number, limit: number): Uint8Array | Absence {
    return this.#open(path, (file, { size }) => bytesOf(file, size, offset, limit));
  }

  readOpened(path: string, limit: number): OpenedFile | Absence {
    return this.#open(path, (file) => {
      const facts = factsOf(file.statSync());
      return { facts, bytes: bytesOf(file, facts.size, 0, limit) };
    });
  }

  /** Opens a regular file. Files embedded in the compiled program have a size only by path. */
  #open<T>(path: string, read: (file: Deno.FsFile, facts: FileFacts) => T): T | Absence {
    // Opening a FIFO would wait for a writer.
    const facts = this.stat(path);
    if (typeof facts === "string") return facts;
    if (facts.kind !== "file") return "unreadable";
    return attempt(() => {
      using file = Deno.openSync(this.#real(path));
      return read(file, facts);
    });
  }

  stat(path: string): FileFacts | Absence {
    return attempt(() => factsOf(Deno.statSync(this.#real(path))));
  }

  lstat(path: string): LinkFacts | Absence {
    return attempt(() => {
      const info = Deno.lstatSync(this.#real(path, false));
      return { isLink: info.isSymlink, uid: info.uid ?? 0 };
    });
  }

  readLink(path: string): string | undefined {
    return present(() => Deno.readLinkSync(this.#real(path, false)));
  }

  list(path: string, limit: number): string[] | Absence {
    return attempt(() => {
      const names: string[] = [];
      for (const { name } of Deno.readDirSync(this.#real(path))) {
        if (names.length >= limit) break;
        names.push(name);
      }
      return names.sort(compareText);
    });
  }

  realPath(path: string): string | undefined {
    return present(() => {
      const real = Deno.realPathSync(this.#real(path));
      return this.root === "" ? real : this.#canonical(path, true);
    });
  }

  variable(name: string): string | undefined {
    return this.#variables ? present(() => Deno.env.get(name)) : undefined;
  }

  uid(): number {
    return geteuid?.() ?? 0;
  }

  /**
   * Deno opens /proc/self/auxv only with all permissions, but the sizes of huge pages tell: on
   * arm64, only kernels with 64K pages have 524288kB, only those with 4K pages have 64kB, and those
   * with 16K and 4K pages have 32768kB. https://docs.kernel.org/arch/arm64/hugetlbpage.html
   */
  pageSize(): number {
    const names = present(() => [...Deno.readDirSync("/sys/kernel/mm/hugepages")]) ?? [];
    const has = (size: number) => names.some(({ name }) => name === `hugepages-${size}kB`);
    if (has(524288)) return 65536;
    return has(32768) && !has(64) ? 16384 : 4096;
  }

  kernelRelease(): string {
    return Deno.osRelease();
  }

  machine(): string {
    return this.#host ?? (this.root === "" ? undefined : this.#ownMachine()) ?? Deno.build.arch;
  }

  #ownMachine(): string | undefined {
    for (const path of OWN_PROGRAMS) {
      const header = readElf(readerOf(path, this));
      const name = "error" in header ? undefined : header.machine?.name;
      if (name !== undefined && name in NATIVE) return name;
    }
    return undefined;
  }

  askHandler(paths: readonly string[]): Result<Uint8Array> {
    return readProcess(HANDLER, ["tell", ...paths], `ask ${HANDLER}`);
  }

  async tryStart(argv: readonly string[]): Promise<Result<Tried>> {
    return triedOf(await outputOf(HANDLER, ["try", ...argv]));
  }

  async tryProbe(program: Uint8Array): Promise<Result<Tried>> {
    return triedOf(await outputOf(HANDLER, ["probe"], program));
  }

  async askMuvm(path: string): Promise<Result<string>> {
    const output = await outputOf(path, ["--help"]);
    return output.ok ? success(decoder.decode(output.value.stdout)) : output;
  }

  workingDirectory(): string | undefined {
    return present(() => Deno.cwd());
  }

  isTerminal(descriptor: 0 | 1 | 2): boolean {
    return [Deno.stdin, Deno.stdout, Deno.stderr][descriptor]!.isTerminal();
  }

  /** The path in the running system of a path in this root. */
  #real(path: string, followLast = true): string {
    return this.root === "" ? path : this.root + this.#canonical(path, followLast);
  }

  /** A path in this root without links; throws if one of its directories does not exist. */
  #canonical(path: string, followLast: boolean): string {
    const readLink = (path: string) => {
      const here = this.root + path;
      return Deno.lstatSync(here).isSymlink ? Deno.readLinkSync(here) : undefined;
    };
    const found = followLinks(path, readLink, followLast);
    if (found === undefined) throw new Deno.errors.FilesystemLoop(path);
    return found;
  }
}

/** At most `limit` bytes of a file from an offset on. */
function bytesOf(file: Deno.FsFile, size: number, offset: number, limit: number): Uint8Array {
  if (offset > 0) file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(Math.min(limit, Math.max(0, size - offset)));
  let length = 0;
  while (length < bytes.length) {
    const n = file.readSync(bytes.subarray(length));
    if (n === null) break;
    length += n;
  }
  return bytes.subarray(0, length);
}

function factsOf(info: Deno.FileInfo): FileFacts {
  return {
    kind: info.isFile ? "file" : info.isDirectory ? "directory" : "other",
    size: info.size,
    uid: info.uid ?? 0,
    gid: info.gid ?? 0,
    mode: (info.mode ?? 0) & MODE,
    ctime: (info.ctime?.getTime() ?? 0) / 1000,
  };
}

/** The output and status of a program; it is killed after PATIENCE. */
async function outputOf(
  path: string,
  args: string[],
  input?: Uint8Array,
): Promise<Result<Deno.CommandOutput>> {
  const stdin = input === undefined ? "null" : "piped";
  const signal = AbortSignal.timeout(PATIENCE);
  const child = startProcess(path, args, { ...ALONE, stdin, signal }, `ask ${path}`);
  if (!child.ok) return child;
  if (input !== undefined) {
    const writer = child.value.stdin.getWriter();
    // A program may end without reading its input.
    await writer.write(input).then(() => writer.close()).catch(() => {});
  }
  return success(await child.value.output());
}

function triedOf(output: Result<Deno.CommandOutput>): Result<Tried> {
  if (!output.ok) return output;
  const { stdout, code, signal } = output.value;
  const errno = Number(decoder.decode(stdout));
  if (!Number.isNaN(errno)) return success({ errno, status: code, signal });
  const why = "root's privileges cannot be dropped here";
  return failed({ code: "refused", what: "try a program", why });
}

/** Runs an action; tells absent files from unreadable ones. */
function attempt<T>(action: () => T): T | Absence {
  try {
    return action();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return "absent";
    }
    if (error instanceof Error) return "unreadable";
    throw error;
  }
}

function present<T>(action: () => T): T | undefined {
  const result = attempt(action);
  return result === "absent" || result === "unreadable" ? undefined : result;
}
