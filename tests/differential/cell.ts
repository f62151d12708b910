/**
 * A root directory in namespaces of its own, where programs are started through the real handler:
 * by the kernel through binfmt_misc, or by an emulator.
 */
import { assert } from "@std/assert";
import type { Host } from "../../lib/native/language.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { compileC } from "../compile_c.ts";
import { buildElf } from "../elf/build_elf.ts";
import { HOST } from "../handler/stage.ts";
import { parseReport, type Report } from "./report.ts";

/** binfmt_misc gives files with these bytes at this offset to the handler. */
const MARK = new TextEncoder().encode("to start");
const MARK_AT = 200;
/** And files with these bytes to the probe, whatever machine they seem to be for. */
const PROBE_MARK = new TextEncoder().encode("to probe");

const FLAGS = { terminal: 1, watched: 2, furnish: 4 };

/** struct outcome of starter.c */
const OUTCOME_SIZE = 12;

/** The user who starts the programs. */
export const EUID = 1000;

/** $1: the root directory, $2 and $3: the lines for binfmt_misc. There is no root in it. */
const ENTER = `
set -eu
mount --rbind /proc "$1/proc"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
for name in null zero; do mount --bind /dev/$name "$1/dev/$name"; done
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
for line in "$2" "$3"; do printf %s "$line" > /proc/sys/fs/binfmt_misc/register; done
exec unshare -U --map-user=${EUID} --map-group=${EUID} --root="$1" /starter
`;

/** Strings have one character for each byte. In masks, bit 0 is signal 1 or descriptor 0. */
export interface Order {
  readonly cwd: string;
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly terminal?: boolean;
  /** Ends the start where the interpreter would begin. */
  readonly watched?: boolean;
  readonly open?: number;
  readonly umask?: number;
  readonly blocked?: bigint;
  readonly ignored?: bigint;
  readonly pending?: bigint;
}

export interface Ended {
  /** Undefined if a signal ended it. */
  readonly status: number | undefined;
  readonly signal: number | undefined;
  /** The arguments of a watched program's execve. */
  readonly execve: Command | undefined;
}

export interface Command {
  readonly path: Uint8Array;
  readonly argv: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
}

/** A symbolic link's target, another path of the same file, or a server's socket. */
export type Entry = { readonly link: string } | { readonly same: string } | "server";

/** The program's file, marked for the handler. */
export function marked(file: Uint8Array, mark = MARK): Uint8Array {
  const whole = new Uint8Array(Math.max(file.length, MARK_AT + mark.length));
  whole.set(file);
  whole.set(mark, MARK_AT);
  return whole;
}

export class Cell {
  readonly #root: string;
  readonly #starter: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamBYOBReader;
  readonly #emulator: readonly string[];
  /** A program that reports how it was started: see `report`. */
  readonly probe: Entry;
  /** The same, without permission to execute it. */
  readonly unexecutable: Entry;
  readonly #images = new Map<string, { readonly same: string }>();
  #files = new Map<string, Entry>();
  #directories = new Set<string>();
  #shared = new Set<string>();

  private constructor(root: string, starter: Deno.ChildProcess, emulator: readonly string[]) {
    this.#root = root;
    this.#starter = starter;
    this.#writer = starter.stdin.getWriter();
    this.#reader = starter.stdout.getReader({ mode: "byob" });
    this.#emulator = emulator;
    this.probe = { same: emulator.length > 0 ? "/native" : "/probe" };
    this.unexecutable = { same: `${this.probe.same}-unexecutable` };
  }

  /** The handler's own path, as it sees it. */
  get handler(): string {
    return this.#emulator.length > 0 ? this.#emulator.at(-1)! : `${this.#root}/handler`;
  }

  static async open(handler: Uint8Array, host: Host): Promise<Cell> {
    const root = Deno.realPathSync(await Deno.makeTempDir({ prefix: "cell-" }));
    await fillRoot(root, handler, host);
    const line = (name: string, mark: Uint8Array, interpreter: string, flags: string) =>
      `:${name}:M:${MARK_AT}:${new TextDecoder().decode(mark)}::${root}/${interpreter}:${flags}`;
    const lines = [
      line("cell", MARK, "handler", "POF"),
      line("native", PROBE_MARK, "probe", "PF"),
    ];
    const starter = new Deno.Command("unshare", {
      args: ["-Urm", "sh", "-c", ENTER, "sh", root, ...lines],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    return new Cell(root, starter, host === HOST ? [] : ["/emulator", "/handler"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
    await this.#starter.status;
    await this.#reader.cancel();
    Deno.removeSync(this.#root, { recursive: true });
  }

  setTable(table: Uint8Array): void {
    this.write(`/tables/routes-${FORMAT_VERSION}`, table);
  }

  write(path: string, bytes: Uint8Array): void {
    Deno.writeFileSync(`${this.#root}${path}`, bytes, { mode: 0o755 });
  }

  /** Stores a program's file, which can then be linked to any path. */
  image(bytes: Uint8Array): { readonly same: string } {
    const key = bytes.join();
    const known = this.#images.get(key);
    if (known !== undefined) return known;
    const entry = { same: `/images/${this.#images.size}` };
    Deno.writeFileSync(`${this.#root}${entry.same}`, bytes, { mode: 0o755 });
    this.#images.set(key, entry);
    return entry;
  }

  /**
   * Makes these files and directories, with those above them, and removes all others. Everybody can
   * write to the shared ones.
   */
  async furnish(
    files: ReadonlyMap<string, Entry>,
    directories: Iterable<string>,
    shared: ReadonlySet<string> = new Set(),
  ): Promise<void> {
    const wanted = new Set([...files.keys(), ...directories].flatMap(directoriesAbove));
    for (const directory of directories) wanted.add(directory);
    wanted.delete("/");
    const changes: string[] = [];
    for (const [path, entry] of this.#files) {
      if (files.get(path) !== entry) changes.push("remove", path, "");
    }
    const longestFirst = (a: string, b: string) => b.length - a.length;
    for (const directory of [...this.#directories].sort(longestFirst)) {
      if (!wanted.has(directory)) changes.push("remove", directory, "");
    }
    for (const directory of [...wanted].sort(longestFirst).reverse()) {
      if (!this.#directories.has(directory)) changes.push("mkdir", directory, "");
    }
    for (const [path, entry] of files) {
      if (this.#files.get(path) === entry) continue;
      if (entry === "server") changes.push("listen", path, "");
      else if ("link" in entry) changes.push("symlink", path, entry.link);
      else changes.push("link", path, entry.same);
    }
    for (const directory of wanted) {
      const isShared = this.#shared.has(directory);
      if (shared.has(directory) && !isShared) changes.push("share", directory, "");
      if (!shared.has(directory) && isShared) changes.push("unshare", directory, "");
    }
    this.#files = new Map(files);
    this.#directories = wanted;
    this.#shared = new Set([...shared].filter((directory) => wanted.has(directory)));
    if (changes.length === 0) return;
    await this.#send([changes.length, 0, FLAGS.furnish, 0, 0], [], changes);
    await this.#read(OUTCOME_SIZE);
  }

  async start(order: Order): Promise<Ended> {
    const [emulator] = this.#emulator;
    const file = emulator ?? order.program;
    const argv = emulator ? [...this.#emulator, order.program, ...order.argv.slice(1)] : order.argv;
    // qemu-user reverses the order of variables.
    const env = emulator ? order.env.toReversed() : order.env;
    const flags = (order.terminal ? FLAGS.terminal : 0) | (order.watched ? FLAGS.watched : 0);
    await this.#send(
      [argv.length, env.length, flags, order.open ?? 7, order.umask ?? 0o22],
      [order.blocked ?? 0n, order.ignored ?? 0n, order.pending ?? 0n],
      [order.cwd, file, ...argv, ...env],
    );
    const outcome = new Uint32Array((await this.#read(OUTCOME_SIZE)).buffer);
    const [status = 0, size = 0, n_argv = 0] = outcome;
    const signal = status & 0x7f;
    return {
      status: signal === 0 ? status >> 8 : undefined,
      signal: signal === 0 ? undefined : signal,
      execve: size > 0 ? commandOf(await this.#read(size), n_argv) : undefined,
    };
  }

  /** What the program wrote to standard error; unknown if it was started without descriptor 2. */
  said(): string {
    return Deno.readTextFileSync(`${this.#root}/said`);
  }

  /** Reads and removes the probe's report. */
  report(): Report | undefined {
    try {
      const path = `${this.#root}/report`;
      const bytes = Deno.readFileSync(path);
      Deno.removeSync(path);
      const report = parseReport(bytes);
      // Flag P puts the probe's path and the program's before argv.
      return this.#emulator.length > 0 ? { ...report, argv: report.argv.slice(2) } : report;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** struct order of starter.c. */
  async #send(numbers: number[], signals: bigint[], strings: readonly string[]): Promise<void> {
    const text = strings.map((text) => `${text}\0`).join("");
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const frame = new Uint8Array(48 + bytes.length);
    frame.set(new Uint8Array(new Uint32Array([bytes.length, ...numbers]).buffer));
    frame.set(new Uint8Array(new BigUint64Array(signals).buffer), 24);
    frame.set(bytes, 48);
    await this.#writer.write(frame);
  }

  async #read(size: number): Promise<Uint8Array<ArrayBuffer>> {
    if (size === 0) return new Uint8Array();
    const { value, done } = await this.#reader.read(new Uint8Array(size), { min: size });
    assert(!done && value.length === size, "the starter has ended");
    return value;
  }
}

/** Makes a cell's devices and programs. */
async function fillRoot(root: string, handler: Uint8Array, host: Host): Promise<void> {
  for (const name of ["proc", "dev", "dev/pts", "tables", "images"]) {
    Deno.mkdirSync(`${root}/${name}`);
  }
  for (const name of ["null", "zero"]) Deno.writeTextFileSync(`${root}/dev/${name}`, "");
  Deno.symlinkSync("pts/ptmx", `${root}/dev/ptmx`);
  for (const name of ["starter", "probe"]) {
    await compileC(new URL(`${name}.c`, import.meta.url), `${root}/${name}`);
  }
  // The emulated handler requires interpreters of its own machine.
  const native = marked(buildElf({ machine: host }), PROBE_MARK);
  Deno.writeFileSync(`${root}/native`, native, { mode: 0o755 });
  for (const name of ["probe", "native"]) {
    Deno.copyFileSync(`${root}/${name}`, `${root}/${name}-unexecutable`);
    Deno.chmodSync(`${root}/${name}-unexecutable`, 0o644);
  }
  Deno.writeFileSync(`${root}/handler`, handler, { mode: 0o755 });
  if (host !== HOST) Deno.copyFileSync(`/usr/bin/qemu-${host}-static`, `${root}/emulator`);
}

/** Zero-terminated strings: the path, argv, the environment. */
function commandOf(bytes: Uint8Array, n_argv: number): Command {
  const strings: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += strings.at(-1)!.length + 1) {
    strings.push(bytes.subarray(at, bytes.indexOf(0, at)));
  }
  const [path = bytes, ...rest] = strings;
  return { path, argv: rest.slice(0, n_argv), env: rest.slice(n_argv) };
}

/** /a and /a/b for /a/b/c. */
export function directoriesAbove(path: string): string[] {
  const names = path.split("/").slice(1, -1);
  return names.map((_, i) => `/${names.slice(0, i + 1).join("/")}`);
}
