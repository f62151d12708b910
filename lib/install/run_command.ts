import { type Result, success } from "../failure.ts";
import { output } from "../output.ts";
import { type ProcessOptions, startProcess } from "../start_process.ts";
import type { CommandLine } from "./command_line.ts";

/** Milliseconds to wait for output that is still in a pipe after a program has ended. */
const AFTERGLOW = 1_000;

/** Bytes of a program's output that are kept: the last ones. */
const KEPT = 4 * 1024 * 1024;

export interface RunOptions extends Pick<ProcessOptions, "signal"> {
  /** All its variables; by default our own, and the command line's over them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes: kept, to this program's own descriptors, or kept and shown. */
  readonly output: "kept" | "inherited" | "kept and shown";
  /** It reads our standard input. */
  readonly reads?: boolean;
}

export interface Ran {
  /** As a shell has it: 128 and the signal's number where that was its end. */
  readonly status: number;
  readonly stdout: string;
  /** Both in the order in which they came. */
  readonly said: string;
}

/** Runs a program to its end. */
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
    // The caller's directory may belong to anybody, and be inaccessible.
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
  // What it left running may hold its output open for ever.
  await within(AFTERGLOW, Promise.all(reading));
  return success({ status: code, stdout: out.text, said: kept.text });
}

function variables({ env = {} }: CommandLine, options: RunOptions) {
  return options.env === undefined ? { env } : { env: options.env, clearEnv: true };
}

/** Waits for a promise, but so many milliseconds at most. */
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
