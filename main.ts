/** The command line: it only wires things together. */
import type { Answer, Outcome } from "./lib/commands/answer.ts";
import { type Command, parseCommand } from "./lib/commands/arguments.ts";
import { completions } from "./lib/commands/completions.ts";
import { help } from "./lib/commands/help.ts";
import { version } from "./lib/commands/version.ts";
import { exitStatus, failed, type Failure, render } from "./lib/failure.ts";
import { output } from "./lib/output.ts";
import { RealEnvironment } from "./lib/real_environment.ts";

function run(command: Command): Outcome {
  switch (command.kind) {
    case "help":
      return help(command.entry);
    case "version":
      return version();
    case "completions":
      return completions(command.shell);
    case "registered":
    case "binfmt":
    case "explain":
    case "run":
    case "config":
    case "handler":
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
  const result = command.ok ? await run(command.value) : command;
  const answer: Answer = result.ok
    ? result.value
    : { stderr: render(result.failure), status: exitStatus(result.failure) };
  if (answer.stderr !== undefined) await output(2, answer.stderr);
  if (answer.stdout !== undefined) await output(1, answer.stdout);
  return answer.status ?? 0;
}

Deno.exit(await main(Deno.args));
