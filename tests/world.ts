/**
 * A small Linux of a test's own: a user and mount namespace in which /etc and /usr are this machine's with the test's
 * files over them, /run is the test's, and binfmt_misc is a new one. Nothing of it reaches the machine.
 */
import { dirname } from "@std/path";

/** What a program did. */
export interface Outcome {
  readonly status: number;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole environment; by default PATH alone. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
}

/** $1: the world's folder; then the command. Files to be bound stand in `binds`, as lines of "source<TAB>target". */
const ENTER = `
set -eu
world=$1; shift
mount -t overlay overlay -o "lowerdir=$world/etc:/etc" /etc
mount -t overlay overlay -o "lowerdir=$world/usr:/usr" /usr
mount --bind "$world/run" /run
while IFS='	' read -r from to; do mount --bind "$from" "$to"; done < "$world/binds"
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
while IFS= read -r line; do printf '%s' "$line" > /proc/sys/fs/binfmt_misc/register; done < "$world/lines"
exec "$@"
`;

export class World {
  readonly folder: string;

  constructor() {
    this.folder = Deno.makeTempDirSync({ prefix: "world-" });
    for (const name of ["etc", "usr", "run", "home"]) Deno.mkdirSync(`${this.folder}/${name}`);
    for (const name of ["binds", "lines"]) Deno.writeTextFileSync(`${this.folder}/${name}`, "");
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** Where a path of the world's /etc, /usr, /run or /home stands on this machine. */
  outside(path: string): string {
    if (!/^\/(etc|usr|run|home)\//.test(path)) {
      throw new Error(`Cannot put “${path}” in a world: it is not below /etc, /usr, /run or /home`);
    }
    return `${this.folder}${path}`;
  }

  /** Puts a file there. */
  file(path: string, content: string | Uint8Array, mode = 0o644): void {
    const outside = this.outside(path);
    Deno.mkdirSync(dirname(outside), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(outside, content);
    else Deno.writeFileSync(outside, content);
    Deno.chmodSync(outside, mode);
  }

  /** Has a file of this machine there too, without a copy. */
  bind(source: string, path: string): void {
    this.file(path, "", 0o755);
    Deno.writeTextFileSync(`${this.folder}/binds`, `${source}\t${path}\n`, { append: true });
  }

  /** Registers a binfmt_misc line, as systemd-binfmt would. */
  register(line: string): void {
    Deno.writeTextFileSync(`${this.folder}/lines`, `${line}\n`, { append: true });
  }

  /** Runs a command in the world; each run is a new namespace over the same files. */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const env = Object.entries({ PATH: "/usr/bin:/bin:/usr/sbin:/sbin", ...options.env })
      .map(([name, value]) => `${name}=${value}`);
    const child = new Deno.Command("unshare", {
      args: ["-Urm", "sh", "-c", ENTER, "sh", this.folder, "env", "-i", ...env, ...argv],
      cwd: options.cwd ?? this.folder,
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (options.stdin !== undefined) {
      const bytes = typeof options.stdin === "string"
        ? new TextEncoder().encode(options.stdin)
        : options.stdin;
      const writer = child.stdin.getWriter();
      await writer.write(bytes).catch(() => {});
      await writer.close().catch(() => {});
    }
    const { code, signal, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { status: code, signal, stdout: text(stdout), stderr: text(stderr) };
  }
}
