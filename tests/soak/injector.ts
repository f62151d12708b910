/** Runs injector.c, which makes single system calls of the handler fail, and reads its answers. */
import { SYSCALL_NAMES, type SyscallName, syscallOf } from "../../lib/native/syscalls.ts";
import { HOST } from "../handler/stage.ts";

/** One system call of a start, by its process (0 is the program's), name and occurrence. */
export interface Call {
  readonly process: number;
  readonly name: SyscallName;
  /** From 1 on. */
  readonly occurrence: number;
}

/** An action at a call: see injector.c. */
export type Fault =
  | { readonly action: "nothing" }
  | { readonly action: "errno" | "always"; readonly call: Call; readonly value: number }
  | { readonly action: "kill" | "killed"; readonly call: Call }
  | { readonly action: "do"; readonly call: Call; readonly text: string }
  | { readonly action: "clock"; readonly value: number };

export interface Outcome {
  /** -1 if a signal killed it. */
  readonly status: number;
  readonly signal: number;
  /** The call was reached. */
  readonly hit: boolean;
  /** The number of processes that were left; they are killed. */
  readonly left: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The handler's calls, in order. */
  readonly calls: readonly Call[];
}

const NAMES = new Map(SYSCALL_NAMES.map((name) => [syscallOf(name, HOST).number, name]));

/** A process of the injector, which starts one program. */
export class Injector {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #bytes = new Uint8Array();

  constructor(command: readonly string[], options: Deno.CommandOptions) {
    this.#child = new Deno.Command(command[0]!, {
      ...options,
      args: command.slice(1),
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.getReader();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
    await this.#child.status;
    await this.#reader.cancel();
  }

  async start(fault: Fault): Promise<Outcome> {
    await this.#writer.write(new TextEncoder().encode(lineOf(fault)));
    const line = await this.#take((bytes) => bytes.indexOf(0x0a) + 1);
    const [status, signal, hit, left, ...sizes] = line.split(" ").map(Number);
    const texts: string[] = [];
    for (const size of sizes) {
      texts.push(await this.#take((bytes) => bytes.length >= size ? size : 0, size));
    }
    const [stdout, stderr, calls] = texts;
    return {
      ...{ status: status!, signal: signal!, hit: hit === 1, left: left! },
      ...{ stdout: stdout!, stderr: stderr!, calls: parseCalls(calls!) },
    };
  }

  /** Reads this many bytes, once they are there. */
  async #take(count: (bytes: Uint8Array) => number, size = 1): Promise<string> {
    let n = 0;
    while (size > 0 && (n = count(this.#bytes)) === 0) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("The injector has ended");
      const bytes = new Uint8Array(this.#bytes.length + value.length);
      bytes.set(this.#bytes);
      bytes.set(value, this.#bytes.length);
      this.#bytes = bytes;
    }
    const text = new TextDecoder().decode(this.#bytes.subarray(0, n));
    this.#bytes = this.#bytes.slice(n);
    return text;
  }
}

function lineOf(fault: Fault): string {
  const value = "value" in fault ? fault.value : 0;
  const text = "text" in fault ? fault.text : "";
  const { process, name, occurrence } = "call" in fault
    ? fault.call
    : { process: -1, name: undefined, occurrence: 0 };
  const number = name === undefined ? -1 : syscallOf(name, HOST).number;
  return `${fault.action} ${process} ${number} ${occurrence} ${value} ${text}\n`;
}

function parseCalls(text: string): Call[] {
  const counts = new Map<string, number>();
  return text.split("\n").slice(0, -1).map((line) => {
    const occurrence = (counts.get(line) ?? 0) + 1;
    counts.set(line, occurrence);
    const [process, number] = line.split(" ").map(Number);
    const name = NAMES.get(number!);
    if (name === undefined) throw new Error(`Unknown system call ${number}`);
    return { process: process!, name, occurrence };
  });
}
