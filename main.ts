/** The command line: it only wires things together. */
import type { Answer, Outcome } from "./lib/commands/answer.ts";
import { type Command, parseCommand } from "./lib/commands/arguments.ts";
import { binfmt } from "./lib/commands/binfmt.ts";
import { completions } from "./lib/commands/completions.ts";
import { help } from "./lib/commands/help.ts";
import { registered } from "./lib/commands/registered.ts";
import { version } from "./lib/commands/version.ts";
import { exitStatus, failed, type Failure, render } from "./lib/failure.ts";
import { output } from "./lib/output.ts";
import { RealEnvironment } from "./lib/real_environment.ts";

/** Each command is loaded when it is asked for: the resolver's start is not to wait for the others. */
async function dispatch(command: Command): Outcome {
  switch (command.kind) {
    case "help":
      return help(command.entry);
    case "version":
      return version();
    case "completions":
      return completions(command.shell);
    case "registered":
      return registered(command.program, new RealEnvironment(""));
    case "binfmt":
      return binfmt(command, new RealEnvironment(command.root));
    case "handler": {
      const { handler } = await import("./lib/commands/handler.ts");
      return handler(command, Deno.build.arch, Deno.stdout.isTerminal());
    }
    case "run": {
      const { run } = await import("./lib/commands/run.ts");
      return run(command, new RealEnvironment(command.root));
    }
    case "explain":
    case "config":
    case "routes":
      return Promise.resolve(failed(notYet(command.kind, new RealEnvironment(""))));
    default: {
      const never: never = command;
      return never;
    }
  }
}

function notYet(kind: string, _environment: RealEnvironment): Failure {
  return { code: "internal", what: `run “${kind}”`, why: "this part is not written yet" };
}

async function main(args: readonly string[]): Promise<number> {
  const command = parseCommand(args);
  const result = command.ok ? await dispatch(command.value) : command;
  const answer: Answer = result.ok
    ? result.value
    : { stderr: render(result.failure), status: exitStatus(result.failure) };
  if (answer.stderr !== undefined) await output(2, answer.stderr);
  if (answer.stdout !== undefined) await output(1, answer.stdout);
  return answer.status ?? 0;
}

Deno.exit(await main(Deno.args));
