import { shellQuote } from "../../lib/shell_quote.ts";

/** The outcome of a command in the machine. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole environment; by default only PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user; by default root. */
  readonly user?: "user";
}

/** Milliseconds for booting, and for one command. */
const PATIENCE = 600_000;

/** PAC uses a fast algorithm: emulation of the architecture's own takes half of the time. */
const HARDWARE = [
  ...["-machine", "virt", "-cpu", "max,pauth-impdef=on", "-smp", "2", "-m", "2G"],
  ...["-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"],
];

/** An aarch64 machine under qemu-system-aarch64, whose init is tests/vm/init. */
export class Machine {
  readonly #qemu: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string>;
  /** The console's output. */
  #console = "";

  private constructor(kernel: string, initramfs: string) {
    const files = ["-kernel", kernel, "-initrd", initramfs];
    const append = ["-append", "console=ttyAMA0 quiet panic=-1"];
    this.#qemu = new Deno.Command("qemu-system-aarch64", {
      args: [...HARDWARE, ...files, ...append],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#qemu.stdin.getWriter();
    this.#lines = this.#read();
  }

  /** Boots it and waits until it accepts commands. */
  static async boot(kernel: string, initramfs: string): Promise<Machine> {
    const machine = new Machine(kernel, initramfs);
    try {
      await machine.#answer();
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
    return machine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    try {
      this.#qemu.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    for await (const _ of this.#lines);
    await this.#qemu.status;
  }

  /** Runs a shell script as root. */
  async sh(script: string): Promise<Outcome> {
    const line = new TextEncoder().encode(script).toBase64();
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
    const [status, stdout = "", stderr = ""] = (await this.#answer()).split(",");
    const text = (base64: string) => new TextDecoder().decode(Uint8Array.fromBase64(base64));
    return { status: Number(status), stdout: text(stdout), stderr: text(stderr) };
  }

  /** Runs a command. */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { user, cwd = "/" } = options;
    const env = Object.entries({ PATH: "/usr/bin", ...options.env })
      .map(([name, value]) => `${name}=${value}`);
    const words = (list: readonly string[]) => list.map(shellQuote).join(" ");
    const script = `cd ${shellQuote(cwd)} && exec ${words(["env", "-i", ...env, ...argv])}`;
    return await this.sh(user === undefined ? script : `exec ${words(["su", user, "-c", script])}`);
  }

  /** The next line from init, after its mark. */
  async #answer(): Promise<string> {
    const timer = setTimeout(() => this.#qemu.kill("SIGKILL"), PATIENCE);
    try {
      for (;;) {
        const { done, value } = await this.#lines.next();
        if (done) throw new Error(`The machine has ended. Its console:\n${this.#console}`);
        if (value.startsWith("@ ")) return value.slice(2).trimEnd();
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async *#read(): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of this.#qemu.stdout) {
      const text = decoder.decode(chunk, { stream: true });
      this.#console += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      yield* lines;
    }
  }
}
