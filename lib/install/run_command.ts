import { type Result, success } from "../failure.ts";
import { output } from "../output.ts";
import { type ProcessOptions, startProcess } from "../start_process.ts";
import type { CommandLine } from "./command_line.ts";

/** How long to wait for output that is still in a pipe after a program exits. */
const LATE_OUTPUT_MS = 1_000;

/** The last bytes of a program's output that are kept. */
const KEPT = 4 * 1024 * 1024;

export interface RunOptions extends Pick<ProcessOptions, "signal"> {
  /** The whole environment; by default that of this process, with the command line's variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** What happens to the output. */
  readonly output: "kept" | "inherited" | "kept and shown";
  /** The program inherits standard input. */
  readonly reads?: boolean;
}

export interface Ran {
  /** The exit status, or 128 + the signal's number, as in shells. */
  readonly status: number;
  readonly stdout: string;
  /** Standard output and error, in the order in which they arrived. */
  readonly printed: string;
}

/** Runs a program until it exits. */
export async function runCommand(
  command: CommandLine,
  options: RunOptions,
  what: string,
): Promise<Result<Ran>> {
  const { path, args, stdin, stdinHeld } = command;
  const stream = options.output === "inherited" ? "inherit" : "piped";
  const held = stdin !== undefined || stdinHeld === true;
  const started = startProcess(path, args, {
    stdin: held ? "piped" : options.reads ? "inherit" : "null",
    stdout: stream,
    stderr: stream,
    // The current directory may belong to anybody, and be inaccessible.
    cwd: "/",
    ...variables(command, options),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }, what);
  if (!started.ok) return started;
  const child = started.value;
  const kept = new Kept(), out = new Kept();
  const shown = options.output === "kept and shown";
  const reading = stream === "piped"
    ? [keep(child.stdout, shown, kept, out), keep(child.stderr, shown, kept)]
    : [];
  if (stdin !== undefined) await write(child, stdin);
  const { code } = await child.status;
  if (stdinHeld === true) await child.stdin.close().catch(() => {});
  // A process that it left behind may keep the pipe open forever.
  await within(LATE_OUTPUT_MS, Promise.all(reading));
  return success({ status: code, stdout: out.text, printed: kept.text });
}

function variables({ env = {} }: CommandLine, options: RunOptions) {
  return options.env === undefined ? { env } : { env: options.env, clearEnv: true };
}

/** Waits for a promise, but at most this long. */
async function within(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  let timer: number | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, milliseconds));
  await Promise.race([awaited, late]);
  clearTimeout(timer);
}

class Kept {
  #chunks: Uint8Array[] = [];
  #size = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size > KEPT) this.#size -= this.#chunks.shift()!.length;
  }

  get text(): string {
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return new TextDecoder().decode(whole);
  }
}

async function keep(stream: ReadableStream<Uint8Array>, shown: boolean, ...kept: Kept[]) {
  for await (const chunk of stream) {
    for (const each of kept) each.add(chunk);
    // Read on even if the terminal was closed: otherwise the writer would end by SIGPIPE.
    if (shown) await output(1, chunk);
  }
}

/** A program that does not read its input is not an error. */
async function write(child: Deno.ChildProcess, text: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text)).catch(() => {});
  await writer.close().catch(() => {});
}
