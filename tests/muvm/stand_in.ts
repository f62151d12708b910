/**
 * A stand-in for muvm, which no package registry has: it behaves as muvm's sources at 25ece4c say
 * (crates/muvm/src/: bin/muvm.rs, launch.rs, env.rs, cli_options.rs, tty.rs, guest/server.rs,
 * guest/server_worker.rs, guest/mount.rs) as far as whoever starts a program through it can tell.
 * What is different: the guest is a mount namespace on the same kernel, and it knows only the
 * options that we use.
 *
 * `stand_in.ts machine|client ARGUMENTS…`: muvm's own arguments, and whether its lock was free.
 * `stand_in.ts guest JSON`: what runs inside, as muvm-guest.
 */

/** What is handed on without -e (env.rs). */
const WELL_KNOWN = [
  ...["LANG", "LD_LIBRARY_PATH", "LIBGL_DRIVERS_PATH", "MESA_LOADER_DRIVER_OVERRIDE", "PATH"],
  ...["RUST_LOG", "XMODIFIERS"],
  ...["ADDRESS", "ALL", "COLLATE", "CTYPE", "IDENTIFICATION", "MEASUREMENT", "MESSAGES"]
    .map((name) => `LC_${name}`),
  ...["MONETARY", "NAME", "NUMERIC", "PAPER", "TELEPHONE", "TIME"].map((name) => `LC_${name}`),
];

/** A program for the guest, as it goes over the server's socket. */
interface Launch {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interactive: boolean;
  readonly tty: boolean;
}

/** Kinds of frames that follow the server's OK: a byte, the length as four, the data. */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const EXIT = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const FOLDER = "/usr/libexec/muvm";
const DENO = [`${FOLDER}/deno`, "run", "--quiet", "--allow-all", "--no-config", "--no-lock"];
const SCRIPT = `${FOLDER}/stand_in.ts`;

function print(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  stream.writeSync(encoder.encode(`${text}\n`));
}

function fail(why: string): never {
  print(Deno.stderr, `Error: ${why}`);
  Deno.exit(1);
}

/** Says who was started; the tests read it. */
function note(runtime: string, role: string, args: readonly string[]): void {
  const line = JSON.stringify({ pid: Deno.pid, role, args });
  Deno.writeTextFileSync(`${runtime}/muvm.log`, `${line}\n`, { append: true });
}

// The host's side.

function parseOptions(args: readonly string[]) {
  let interactive = false, tty = false, at = 0;
  const env: string[] = [];
  for (; at < args.length && args[at] !== "--"; at++) {
    const arg = args[at]!;
    if (arg === "-i") interactive = true;
    else if (arg === "-t") tty = true;
    else if (arg === "-e") env.push(args[++at] ?? fail("`-e` requires an argument"));
    else if (arg === "-h" || arg === "--help") {
      print(Deno.stdout, "Usage: muvm [-e=ENV]... [-i] [-t] COMMAND [COMMAND_ARGS]...");
      Deno.exit(0);
    } else fail(`\`${arg}\` is not expected in this context`);
  }
  const command = args.slice(at + 1);
  if (command.length === 0) fail("expected `COMMAND`, pass `--help` for usage information");
  // COMMAND_ARGS take anything but these two, also behind `--` (tried with bpaf 0.9).
  const refused = command.slice(1).find((arg) => arg === "-h" || arg === "--help");
  if (refused !== undefined) fail(`\`${refused}\` is not expected in this context`);
  return { interactive, tty, env, command };
}

/** The caller's variables; what is not UTF-8 is none, as Rust's env::var has it. */
function ownVariables(): Map<string, string> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const found = new Map<string, string>();
  const bytes = Deno.readFileSync("/proc/self/environ");
  for (let from = 0, to; (to = bytes.indexOf(0, from)) >= 0; from = to + 1) {
    try {
      const [, name, value] = utf8.decode(bytes.subarray(from, to)).match(/^([^=]*)=(.*)$/s) ?? [];
      if (name !== undefined && value !== undefined) found.set(name, value);
    } catch {
      // Not UTF-8.
    }
  }
  return found;
}

function prepareVariables(options: readonly string[]): Record<string, string> {
  const own = ownVariables();
  const env: Record<string, string> = {};
  for (const name of WELL_KNOWN) if (own.has(name)) env[name] = own.get(name)!;
  if (!env.LANG && !env.LC_CTYPE && !env.LC_ALL) env.LANG = "C.UTF-8";
  env.GTK_IM_MODULE = env.QT_IM_MODULE = "xim";
  for (const option of options) {
    const equals = option.indexOf("=");
    const name = equals < 0 ? option : option.slice(0, equals);
    const value = equals < 0 ? own.get(name) : option.slice(equals + 1);
    env[name] = value ?? fail(`Failed to get \`${name}\` env var`);
  }
  return env;
}

/** Asks the machine that is up. It gives up early, as muvm does. */
async function request(runtime: string, launch: Launch): Promise<never> {
  let stream: Deno.UnixConn | undefined;
  for (let tries = 0; stream === undefined; tries++) {
    try {
      stream = await Deno.connect({ transport: "unix", path: `${runtime}/krun/server` });
    } catch (error) {
      if (tries === 3) fail(`could not connect to muvm server: ${error}`);
    }
  }
  if (launch.tty && !Deno.stdout.isTerminal()) {
    fail("Asked to allocate a tty for the command, but stdin is not a tty");
  }
  await writeAll(stream, encoder.encode(`${JSON.stringify(launch)}\n`)).catch(() => {});
  const frames = new Frames(stream);
  const answer = await frames.line().catch(() => "");
  if (answer !== "OK") fail(`could not request launch to server: ${answer}`);
  if (!launch.interactive) Deno.exit(0);
  Deno.exit(await converse(stream, frames, launch.tty));
}

/** Stands between the program's streams and the caller's until it ended. */
async function converse(stream: Deno.UnixConn, frames: Frames, tty: boolean): Promise<number> {
  if (tty) Deno.stdin.setRaw(true);
  sendAll(stream, STDIN, Deno.stdin.readable).catch(() => {});
  for (;;) {
    const frame = await frames.next();
    if (frame === undefined) return 1;
    if (frame.kind === STDOUT) await writeAll(Deno.stdout, frame.data);
    if (frame.kind === STDERR) await writeAll(tty ? Deno.stdout : Deno.stderr, frame.data);
    if (frame.kind !== EXIT) continue;
    if (tty) Deno.stdin.setRaw(false);
    return frame.data[0]!;
  }
}

/** A namespace with the guest's own /run, the host's whole tree below it; then muvm-guest. */
const GUEST = `
set -eu
exec 9>&-
mount -n -t tmpfs guest /mnt
mkdir /mnt/muvm-host
mount -n --rbind / /mnt/muvm-host
mount -n --move /mnt /run
exec unshare -U --map-user="$1" --map-group="$2" -- env DENO_DIR=/run/deno ${
  DENO.join(" ")
} ${SCRIPT} guest "$3"
`;

/** Is the machine: its socket takes connections before the guest's server is there. */
async function beMachine(runtime: string, launch: Launch): Promise<never> {
  Deno.mkdirSync(`${runtime}/krun`, { recursive: true });
  const server = `${runtime}/krun/server`;
  const inside = `${runtime}/krun/inside`;
  for (const name of ["server", "inside"]) {
    // A machine that died left them behind.
    new Deno.Command("rm", { args: ["-f", `${runtime}/krun/${name}`] }).outputSync();
  }
  const listener = Deno.listen({ transport: "unix", path: server });
  const ids = [Deno.uid(), Deno.gid()].map(String);
  const guest = new Deno.Command("unshare", {
    args: ["-Urm", "sh", "-c", GUEST, "sh", ...ids, JSON.stringify({ runtime, ...launch })],
    clearEnv: true,
    env: launch.env,
    cwd: "/",
    // Its end is our end.
    stdin: "piped",
  }).spawn();
  guest.status.then(({ code }) => Deno.exit(code));
  for await (const outer of listener) {
    Deno.connect({ transport: "unix", path: inside }).then((inner) => {
      outer.readable.pipeTo(inner.writable).catch(() => {});
      inner.readable.pipeTo(outer.writable).catch(() => {});
    }, () => outer.close());
  }
  return fail("the listener ended");
}

// The guest's side.

/** The machine's server, and its first command, whose streams are the console. */
async function beGuest(first: Launch & { readonly runtime: string }): Promise<never> {
  const own = `/run/user/${Deno.uid()}`;
  Deno.mkdirSync(own, { recursive: true });
  const env = { ...first.env, DISPLAY: ":1", XDG_RUNTIME_DIR: own, MUVM_GUEST: "yes" };
  const host = first.runtime.startsWith("/run/") ? "/run/muvm-host" : "";
  const path = `${host}${first.runtime}/krun/inside`;
  note(`${host}${first.runtime}`, "guest", []);
  const listener = Deno.listen({ transport: "unix", path });
  const running = new Set<number>();
  const killAll = () => running.forEach((pid) => Deno.kill(-pid, "SIGKILL"));
  endOf(Deno.stdin.readable).then(() => {
    killAll();
    Deno.exit(137);
  });
  let busy = 0;
  const first_ended: { status?: number } = {};
  const settle = () => {
    if (first_ended.status !== undefined && busy === 0) Deno.exit(first_ended.status);
  };
  const serve = async () => {
    for await (const stream of listener) {
      busy++;
      serveOne(stream, env, running).catch(() => {}).finally(() => {
        busy--;
        settle();
      });
    }
  };
  serve();
  const child = spawn(first.command, env, "null", "inherit");
  running.add(child.pid);
  const { code, signal } = await child.status;
  running.delete(child.pid);
  first_ended.status = signal === null ? code : 1;
  if (busy > 0) print(Deno.stdout, `Waiting for ${busy} other commands…`);
  settle();
  return await new Promise(() => {});
}

/** In a session of its own, so that it can be ended with all that it started. */
function spawn(
  command: readonly string[],
  env: Record<string, string>,
  stdin: "null" | "piped",
  output: "inherit" | "piped",
): Deno.ChildProcess {
  return new Deno.Command("setsid", {
    args: [...command],
    clearEnv: true,
    env,
    stdin,
    stdout: output,
    stderr: output,
  }).spawn();
}

async function serveOne(
  stream: Deno.UnixConn,
  guest: Record<string, string>,
  running: Set<number>,
): Promise<void> {
  const frames = new Frames(stream);
  const launch: Launch = JSON.parse(await frames.line());
  // The caller's -e wins over what the guest has of its own.
  const env = { ...guest, ...launch.env };
  const command = launch.tty ? inTerminal(launch.command) : launch.command;
  const child = launch.interactive
    ? spawn(command, env, "piped", "piped")
    : spawn(command, env, "null", "inherit");
  running.add(child.pid);
  await writeAll(stream, encoder.encode("OK\n"));
  if (launch.interactive) {
    feed(child.stdin, frames).catch(() => {});
    await Promise.allSettled([
      sendAll(stream, STDOUT, child.stdout, false),
      sendAll(stream, STDERR, child.stderr, false),
    ]);
  }
  const { code, signal } = await child.status;
  running.delete(child.pid);
  // status.code().unwrap_or_default(): what a signal killed has no code, so it counts as success.
  const status = new Uint8Array([signal === null ? code : 0]);
  if (launch.interactive) await send(stream, EXIT, status);
  stream.close();
}

/** A terminal of the guest's for the command. */
function inTerminal(command: readonly string[]): string[] {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  return ["script", "--quiet", "--return", "--command", `exec ${quoted}`, "/dev/null"];
}

async function feed(stdin: WritableStream<Uint8Array>, frames: Frames): Promise<void> {
  const writer = stdin.getWriter();
  for (;;) {
    const frame = await frames.next();
    if (frame === undefined || frame.data.length === 0) return await writer.close();
    await writer.write(frame.data);
  }
}

// Both sides.

async function writeAll(to: Deno.UnixConn | typeof Deno.stdout, bytes: Uint8Array) {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}

async function send(stream: Deno.UnixConn, kind: number, data: Uint8Array): Promise<void> {
  const frame = new Uint8Array(5 + data.length);
  frame[0] = kind;
  new DataView(frame.buffer).setUint32(1, data.length);
  frame.set(data, 5);
  await writeAll(stream, frame);
}

/** What a stream has, in frames; an empty one says that it ended. */
async function sendAll(
  stream: Deno.UnixConn,
  kind: number,
  from: ReadableStream<Uint8Array>,
  tellEnd = true,
): Promise<void> {
  for await (const chunk of from) await send(stream, kind, chunk);
  if (tellEnd) await send(stream, kind, new Uint8Array());
}

async function endOf(stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}

/** Reads a line, then frames. */
class Frames {
  readonly #stream: Deno.UnixConn;
  #held = new Uint8Array();

  constructor(stream: Deno.UnixConn) {
    this.#stream = stream;
  }

  async #more(): Promise<boolean> {
    const chunk = new Uint8Array(65536);
    const n = await this.#stream.read(chunk);
    if (n === null) return false;
    this.#held = new Uint8Array([...this.#held, ...chunk.subarray(0, n)]);
    return true;
  }

  #take(n: number): Uint8Array {
    const taken = this.#held.slice(0, n);
    this.#held = this.#held.slice(n);
    return taken;
  }

  async line(): Promise<string> {
    let end;
    while ((end = this.#held.indexOf(0x0a)) < 0) if (!await this.#more()) return "";
    return decoder.decode(this.#take(end + 1)).trimEnd();
  }

  async next(): Promise<{ kind: number; data: Uint8Array } | undefined> {
    while (this.#held.length < 5) if (!await this.#more()) return undefined;
    const size = new DataView(this.#held.buffer).getUint32(1);
    while (this.#held.length < 5 + size) if (!await this.#more()) return undefined;
    const kind = this.#take(5)[0]!;
    return { kind, data: this.#take(size) };
  }
}

async function host(role: string, args: readonly string[]): Promise<never> {
  if (Deno.uid() === 0) {
    print(Deno.stdout, "Running as root is not supported as it may break your system");
    fail("real user ID or effective user ID is 0");
  }
  const { env, ...rest } = parseOptions(args);
  const runtime = Deno.env.get("XDG_RUNTIME_DIR");
  if (runtime === undefined) fail("Failed to read XDG_RUNTIME_DIR environment variable");
  const launch = { ...rest, env: prepareVariables(env) };
  note(runtime, role, args);
  return await (role === "machine" ? beMachine(runtime, launch) : request(runtime, launch));
}

const [role, ...args] = Deno.args;
await (role === "guest" ? beGuest(JSON.parse(args[0]!)) : host(role!, args));
