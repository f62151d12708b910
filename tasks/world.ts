/**
 * A small private Linux for the demo, tests and benchmarks: a user and mount namespace with the
 * test's files over this machine's /etc and /usr, its own /run, and a new binfmt_misc. The machine
 * is not affected. If namespaces are refused, stand_in_kernel.c replaces them and binfmt_misc for
 * root.
 */
import { dirname } from "@std/path";
import {
  HANDLER as INSTALLED_HANDLER,
  LINES,
  LINKS,
  REGISTRAR,
  RESOLVER,
  SYSTEM_TABLES,
  VENDOR_LAYERS,
} from "../lib/paths.ts";
import { binfmtLines } from "./binfmt_lines.ts";
import { HANDLER, PROGRAM } from "./compile.ts";
import { isTraced, standInKernel } from "./stand_in_kernel.ts";
import { ROOT } from "./start.ts";

/** What to type after this text appeared: a text, or a function that returns it. */
export type Answer = readonly [shown: string, typed: string | (() => Promise<string>)];

/** How a program ended, and its output. */
export interface Outcome {
  readonly status: number;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole environment; by default only PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** A path of the world. */
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Instead of stdin: what to type, each after its text appeared in standard output. */
  readonly answers?: readonly Answer[];
  /** With all users and groups, not only root. Needs root. */
  readonly users?: boolean;
  /** As user 1000, in a namespace in which that user owns all files of root. */
  readonly plain?: boolean;
  /** With the stand-in kernel; by default if namespaces are refused. */
  readonly traced?: boolean;
}

/** A command that runs another one as user 1000 of a further namespace. */
export const PLAIN: readonly string[] = ["unshare", "--map-user=1000", "--map-group=1000"];

/**
 * $1: the world's directory; $2: where the command starts; then the command. Files to bind are in
 * `binds`, as lines of "source<TAB>target".
 */
const ENTER = `
set -eu
world=$1 cwd=$2; shift 2
mount -t overlay overlay -o "lowerdir=$world/etc:/etc" /etc
mount -t overlay overlay -o "lowerdir=$world/usr:/usr" /usr
mount --bind "$world/run" /run
while IFS='	' read -r from to; do mount --bind "$from" "$to"; done < "$world/binds"
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
while IFS= read -r line; do
  printf '%s' "$line" > /proc/sys/fs/binfmt_misc/register
done < "$world/lines"
cd "$cwd"
exec "$@"
`;

/**
 * $1: a directory; then the command, in a user namespace with 65,536 users. A process may map only
 * its own user; root outside must map the others:
 * https://man7.org/linux/man-pages/man7/user_namespaces.7.html
 */
export const WITH_USERS = `
set -eu
here=$1; shift
mkfifo "$here/born" "$here/mapped"
( (
  pid=$(timeout 10 cat "$here/born")
  for map in uid_map gid_map; do echo 0 0 65536 > "/proc/$pid/$map"; done
  echo > "$here/mapped"
) & )
exec unshare -Um sh -c '
  echo $$ > "$1/born"
  read -r _ < "$1/mapped"
  rm "$1/born" "$1/mapped"; shift
  exec "$@"
' sh "$here" "$@"
`;

export class World {
  readonly directory: string;

  constructor() {
    this.directory = Deno.makeTempDirSync({ prefix: "world-" });
    for (const name of ["etc", "usr", "run", "home"]) Deno.mkdirSync(`${this.directory}/${name}`);
    for (const name of ["binds", "lines"]) Deno.writeTextFileSync(`${this.directory}/${name}`, "");
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }

  /** The path on this machine of a file in the world's /etc, /usr, /run or /home. */
  outside(path: string): string {
    if (!/^\/(etc|usr|run|home)\//.test(path)) {
      throw new Error(`Cannot put “${path}” in a world: it is not below /etc, /usr, /run or /home`);
    }
    return `${this.directory}${path}`;
  }

  /** Writes a file in the world. */
  file(path: string, content: string | Uint8Array, mode = 0o644): void {
    const outside = this.outside(path);
    Deno.mkdirSync(dirname(outside), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(outside, content);
    else Deno.writeFileSync(outside, content);
    Deno.chmodSync(outside, mode);
  }

  /** Binds a file of this machine into the world. */
  bind(source: string, path: string): void {
    this.file(path, "", 0o755);
    Deno.writeTextFileSync(`${this.directory}/binds`, `${source}\t${path}\n`, { append: true });
  }

  /** Makes a symbolic link in the world. */
  link(path: string, target: string): void {
    const outside = this.outside(path);
    Deno.mkdirSync(dirname(outside), { recursive: true });
    Deno.symlinkSync(target, outside);
  }

  /** Registers a binfmt_misc line, as systemd-binfmt would. */
  register(line: string): void {
    Deno.writeTextFileSync(`${this.directory}/lines`, `${line}\n`, { append: true });
  }

  /** Installs the program and the shipped files for this machine, as a package would. */
  install(machines: readonly string[] = []): void {
    this.bind(PROGRAM, RESOLVER);
    this.bind(HANDLER, INSTALLED_HANDLER);
    this.bind(`${ROOT}/packaging/registrar`, REGISTRAR);
    for (const [name, text] of binfmtLines(Deno.build.arch)) {
      this.file(`${LINES}/${name}.conf`, text);
    }
    Deno.mkdirSync(this.outside(LINKS), { recursive: true });
    const shipped = `${ROOT}/config/${Deno.build.arch}.toml`;
    this.file(`${VENDOR_LAYERS}/00-default.toml`, Deno.readTextFileSync(shipped));
    Deno.mkdirSync(this.outside(SYSTEM_TABLES), { mode: 0o755 });
    if (machines.length > 0) this.#registerAll(machines);
  }

  #registerAll(machines: readonly string[]): void {
    const args = [
      "binfmt",
      "--root",
      this.directory,
      ...machines.flatMap((name) => ["--machine", name]),
    ];
    const { success, stdout, stderr } = new Deno.Command(PROGRAM, { args }).outputSync();
    const text = new TextDecoder();
    if (!success) throw new Error(text.decode(stderr));
    const lines = text.decode(stdout).split("\n");
    for (const line of lines) if (line.startsWith(":")) this.register(line);
  }

  /** The whole command line. */
  #entering(command: readonly string[], options: RunOptions): readonly string[] {
    const { cwd = this.directory, plain = false, users = false, traced = isTraced() } = options;
    const places = [this.directory, cwd];
    if (traced) {
      return [
        "sh",
        "-c",
        TRACED,
        "sh",
        standInKernel(),
        ...places,
        plain ? "1000" : "0",
        ...command,
      ];
    }
    const within = ["sh", "-c", ENTER, "sh", ...places, ...(plain ? PLAIN : []), ...command];
    return users
      ? ["sh", "-c", WITH_USERS, "sh", Deno.makeTempDirSync({ dir: this.directory }), ...within]
      : ["unshare", "-Urm", ...within];
  }

  /** Runs a command in the world; each run is a new namespace over the same files. */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const env = Object.entries({ PATH: "/usr/bin:/bin:/usr/sbin:/sbin", ...options.env })
      .map(([name, value]) => `${name}=${value}`);
    const [program, ...args] = this.#entering(["env", "-i", ...env, ...argv], options);
    const { stdin, answers } = options;
    const child = new Deno.Command(program!, {
      args,
      cwd: this.directory,
      stdin: stdin === undefined && answers === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const shown = answers === undefined ? new Response(child.stdout).text() : talk(child, answers);
    if (stdin !== undefined) await type(child, stdin);
    const [{ code, signal }, stdout, stderr] = await Promise.all([
      child.status,
      shown,
      new Response(child.stderr).text(),
    ]);
    return { status: code, signal, stdout, stderr };
  }
}

/** $1: the stand-in kernel; $2 and $3 as in ENTER; $4: the files' owner; then the command. */
const TRACED = `
set -eu
kernel=$1 world=$2 cwd=$3 user=$4; shift 4
find "$world" ! -uid "$user" -exec chown -h "$user:$user" {} +
set -- "$kernel" "$world" "$cwd" "$@"
[ "$user" = 0 ] || set -- setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
exec "$@"
`;

function bytes(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

async function type(child: Deno.ChildProcess, text: string | Uint8Array): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(bytes(text)).catch(() => {});
  await writer.close().catch(() => {});
}

/** Reads all output and types the answers. */
async function talk(child: Deno.ChildProcess, answers: readonly Answer[]): Promise<string> {
  const writer = child.stdin.getWriter();
  let text = "", at = 0, next = 0;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (; next < answers.length; next++) {
      const [shown, typed] = answers[next]!;
      const found = text.indexOf(shown, at);
      if (found < 0) break;
      at = found + shown.length;
      const keys = typeof typed === "string" ? typed : await typed();
      await writer.write(bytes(keys)).catch(() => {});
    }
  }
  await writer.close().catch(() => {});
  return text;
}
