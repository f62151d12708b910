/** A stage whose interpreter is missing, and whose resolver is asked to install it. */
import { Stage } from "../stage.ts";

const MISSING = `[defaults]
interpreter = "probe"
[interpreters.probe]
path = "$/installed"
machines = ["riscv64"]`;

/** Milliseconds that a script may take. */
const LIMIT = 30_000;

export class OfferStage extends Stage {
  /** `installs`: what `install` does, in sh; $D is the stage's directory. */
  constructor(installs: string) {
    super(MISSING);
    const install = `echo "$*" >> $D/asked\n${installs}\nexit`;
    this.resolveAfter(`D=${this.directory}\nif [ "$1" = install ]; then\n${install}\nfi`);
  }

  /** The resolver's arguments, for each time it was asked to install. */
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

  /** Dates the last refusal to 1970. */
  forget(): void {
    for (const directory of ["tables", "home/.cache/binfmt-dispatcher"]) {
      try {
        Deno.utimeSync(this.path(`${directory}/asked`), 0, 0);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }

  /**
   * Runs a script of sh, in a terminal or as the last argument of `within`. $H is the handler, $P
   * the program, $D the stage's directory.
   */
  async sh(words: string, within?: readonly string[], env: Record<string, string> = {}) {
    const script = `H=${this.path("handler")} P=${this.program} D=${this.directory}\n${words}`;
    const file = this.write("script", script);
    const command = within === undefined
      ? ["script", "-qec", `sh ${file}`, "/dev/null"]
      : [...within, "sh", file];
    const [program, ...args] = command;
    const { code, stdout, stderr } = await new Deno.Command(program!, {
      args,
      clearEnv: true,
      env: { HOME: this.path("home"), PATH: "/usr/bin:/bin:/usr/sbin:/sbin", ...env },
      cwd: this.directory,
      stdin: "null",
      signal: AbortSignal.timeout(LIMIT),
    }).output();
    const text = new TextDecoder();
    return {
      status: code,
      said: (text.decode(stdout) + text.decode(stderr)).replaceAll("\0", " "),
    };
  }
}
