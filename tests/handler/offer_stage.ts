/** A stage on which an interpreter is missing, and a resolver that is asked to install it. */
import { headersOf } from "../programs.ts";
import { Stage } from "./stage.ts";

const MISSING = `[defaults]
interpreter = "probe"
[interpreters.probe]
path = "$/installed"
machines = ["riscv64"]`;

const LATER = 10_000;

export class OfferStage extends Stage {
  readonly program: string;

  /** What `install` does, in sh: $D is the stage's directory; it may link $D/interpreter. */
  constructor(installs: string) {
    super(MISSING);
    const { directory } = this;
    const resolver = [
      "#!/bin/sh",
      `D=${directory}`,
      `[ "$1" = install ] || exec cat $D/table`,
      'echo "$*" >> $D/asked',
      installs,
    ];
    this.write("resolver", resolver.join("\n"), 0o755);
    this.program = this.write("program", headersOf("riscv64"), 0o755);
  }

  /** The arguments of each time it was asked. */
  get asked(): string[] {
    return this.lines("asked");
  }

  lines(name: string): string[] {
    try {
      return Deno.readTextFileSync(this.path(name)).split("\n").slice(0, -1);
    } catch {
      return [];
    }
  }

  /** As if the last refusal were long ago. */
  forget(): void {
    for (const directory of ["tables", "home/.cache/binfmt-dispatcher"]) {
      try {
        Deno.utimeSync(this.path(`${directory}/asked`), 0, 0);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }

  /** Runs a script of sh with $H, the handler, and $P, the program; in a terminal, or `within`. */
  async sh(words: string, within?: readonly string[], env: Record<string, string> = {}) {
    const script = `H=${this.path("handler")} P=${this.program} D=${this.directory}\n${words}`;
    const file = this.write("script", script);
    const command = within ?? ["script", "-qec", `sh ${file}`, "/dev/null"];
    const [program, ...args] = within === undefined ? command : [...command, "sh", file];
    const { code, stdout, stderr } = await new Deno.Command(program!, {
      args,
      clearEnv: true,
      env: { HOME: this.path("home"), PATH: "/usr/bin:/bin:/usr/sbin:/sbin", ...env },
      cwd: this.directory,
      stdin: "null",
      signal: AbortSignal.timeout(LATER * 3),
    }).output();
    const text = new TextDecoder();
    return {
      status: code,
      said: (text.decode(stdout) + text.decode(stderr)).replaceAll("\0", " "),
    };
  }
}
