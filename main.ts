/** The command line: it only wires things together. */
import type { Answer, Outcome } from "./lib/commands/answer.ts";
import { parseCommand } from "./lib/commands/arguments.ts";
import type { Command } from "./lib/commands/command.ts";
import { exitStatus, failed, type Failure, render } from "./lib/failure.ts";
import { output } from "./lib/output.ts";
import { RealEnvironment } from "./lib/real_environment.ts";

/** Each command is loaded on demand: the resolver does not wait for the others. */
async function dispatch(command: Command): Outcome {
  switch (command.kind) {
    case "help":
      return (await import("./lib/commands/help.ts")).help(command.entries);
    case "version":
      return (await import("./lib/commands/version.ts")).version();
    case "completions":
      return (await import("./lib/commands/completions.ts")).completions(command.shell);
    case "binfmt": {
      const { binfmt } = await import("./lib/commands/binfmt.ts");
      return binfmt(command, new RealEnvironment(command.root, command));
    }
    case "enable":
    case "disable": {
      const { enable } = await import("./lib/commands/enable.ts");
      return enable(command, new RealEnvironment(command.root, command));
    }
    case "handler": {
      const { handler } = await import("./lib/commands/handler.ts");
      return handler(command, new RealEnvironment(""));
    }
    case "run":
    case "registered": {
      const { run } = await import("./lib/commands/run.ts");
      return run(command, new RealEnvironment(""));
    }
    case "vm": {
      const { startMachine } = await import("./lib/commands/vm_start.ts");
      return startMachine(new RealEnvironment(""));
    }
    case "install": {
      const { install } = await import("./lib/commands/install.ts");
      return install(command, new RealEnvironment(""));
    }
    case "open": {
      const { open } = await import("./lib/commands/open.ts");
      return open(command, new RealEnvironment(""));
    }
    case "privileged-install": {
      const { privilegedInstall } = await import("./lib/commands/privileged_install.ts");
      return privilegedInstall(command.need, new RealEnvironment("", { variables: false }));
    }
    case "config": {
      const { config } = await import("./lib/commands/config.ts");
      return config(command, new RealEnvironment(command.root, command));
    }
    case "routes": {
      const { routes } = await import("./lib/commands/routes.ts");
      return routes(command, new RealEnvironment(command.root));
    }
    case "explain": {
      const { explain } = await import("./lib/commands/explain.ts");
      return explain(command, new RealEnvironment(command.root, command));
    }
    case "doctor": {
      const { doctor } = await import("./lib/commands/doctor.ts");
      return doctor(command, new RealEnvironment(""));
    }
    default: {
      const never: never = command;
      return never;
    }
  }
}

/** Why the directory of --root cannot be used. */
function rootFault(command: Command): Failure | undefined {
  if (!("root" in command) || command.root === "") return undefined;
  const found = new RealEnvironment(command.root).stat("/");
  if (typeof found === "object" && found.kind === "directory") return undefined;
  const why = found === "absent"
    ? "no such directory"
    : found === "unreadable"
    ? "it cannot be accessed"
    : "it is not a directory";
  return { code: "usage", what: `use “${command.root}” as --root`, why };
}

async function failWith(failure: Failure): Promise<number> {
  await output(2, render(failure));
  return exitStatus(failure);
}

async function main(args: readonly string[]): Promise<number> {
  const command = parseCommand(args);
  if (!command.ok) return await failWith(command.failure);
  const fault = rootFault(command.value);
  const result = fault === undefined ? await dispatch(command.value) : failed(fault);
  if (!result.ok) return await failWith(result.failure);
  const { stdout, stderr, status = 0 }: Answer = result.value;
  if (stderr !== undefined) await output(2, stderr);
  const why = stdout === undefined ? undefined : await output(1, stdout);
  if (why === undefined) return status;
  return await failWith({ code: "internal", what: "write to standard output", why });
}

// The compiled program has this as a script, which cannot await: tasks/compiled/program.ts.
main(Deno.args).then(Deno.exit);
