/**
 * An installation below its own directory, if no World can be made: nothing is registered, and
 * `run` starts the handler. The compiled program may start only the installed handler, so
 * `by_hand.ts HANDLER PROGRAM ARGUMENTS…` calls run() with another one.
 */
import { run } from "../lib/commands/run.ts";
import { exitStatus, render } from "../lib/failure.ts";
import { VENDOR_LAYERS } from "../lib/paths.ts";
import { RealEnvironment } from "../lib/real_environment.ts";
import { PROGRAM } from "./compile.ts";
import { say } from "./say.ts";
import { ROOT } from "./start.ts";
import type { Outcome } from "./world.ts";

export class ByHand {
  readonly directory = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "by-hand-" }));

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }

  /** Installs this machine's shipped configuration, an interpreter, and a handler for them. */
  async install(interpreter: string): Promise<void> {
    const shipped = `${ROOT}/config/${Deno.build.arch}.toml`;
    this.#copy(shipped, `${VENDOR_LAYERS}/00-default.toml`);
    this.#copy(interpreter, interpreter);
    const [resolver, tables, handler] = [this.#resolver, `${this.directory}/tables`, this.#handler];
    Deno.mkdirSync(tables);
    const words = `#!/bin/sh\nexec '${PROGRAM}' --root '${this.directory}' "$@"\n`;
    Deno.writeTextFileSync(resolver, words, { mode: 0o755 });
    const args = ["handler", "--resolver", resolver, "--tables", tables];
    const { stdout } = await new Deno.Command(PROGRAM, { args }).output();
    Deno.writeFileSync(handler, stdout, { mode: 0o755 });
  }

  /** `explain` of a program in the directory. */
  explain(name: string): Promise<Outcome> {
    return this.#start(this.#resolver, ["explain", `/${name}`]);
  }

  /** `run` of a program in the directory. */
  run(name: string): Promise<Outcome> {
    const deno = ["run", "--quiet", "--allow-all", "--config", `${ROOT}/deno.json`];
    const argv = [new URL(import.meta.url).pathname, this.#handler, `./${name}`];
    return this.#start(Deno.execPath(), [...deno, ...argv]);
  }

  get #resolver(): string {
    return `${this.directory}/resolver`;
  }

  get #handler(): string {
    return `${this.directory}/handler`;
  }

  #copy(source: string, path: string): void {
    const target = `${this.directory}${path}`;
    Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    Deno.copyFileSync(source, target);
  }

  async #start(program: string, args: readonly string[]): Promise<Outcome> {
    const { code, signal, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      cwd: this.directory,
      // The caller's own layer and override do not count here.
      env: { XDG_CONFIG_HOME: this.directory, BINFMT_DISPATCHER_INTERPRETER: "" },
    }).output();
    const text = new TextDecoder();
    return { status: code, signal, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }
}

if (import.meta.main) {
  const [handler, program = "", ...args] = Deno.args;
  const result = await run({ kind: "run", program, args }, new RealEnvironment(""), handler);
  if (!result.ok) say(render(result.failure));
  Deno.exit(result.ok ? result.value.status : exitStatus(result.failure));
}
