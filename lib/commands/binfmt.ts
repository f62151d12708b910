import { MADE_BY } from "../binfmt/line.ts";
import { registration } from "../binfmt/registration.ts";
import { MAX_MAGIC_END } from "../config/limits.ts";
import type { Environment } from "../environment.ts";
import { success } from "../failure.ts";
import { HANDLER } from "../paths.ts";
import { loadRoutes } from "../start/decide_start.ts";
import type { Outcome } from "./answer.ts";
import type { Binfmt } from "./command.ts";

/** Lines for binfmt.d, after a comment with the command that prints them. */
export function binfmt(command: Binfmt, environment: Environment): Outcome {
  // Entries are system-wide: the user's layer is ignored.
  const { effective, compiled } = loadRoutes(environment, false);
  if (!compiled.ok) return Promise.resolve(compiled);
  const handler = command.handler ?? HANDLER;
  const head = environment.read(handler, 0, MAX_MAGIC_END);
  const result = registration({
    host: command.host ?? environment.machine(),
    machines: command.machines,
    flags: command.flags,
    handler,
    ...(typeof head === "string" ? {} : { handlerHead: head }),
    direct: command.direct ? { table: compiled.value.table, environment } : undefined,
  }, effective.config);
  if (!result.ok) return Promise.resolve(result);
  const { lines, warnings } = result.value;
  const stdout = [`${MADE_BY} ${written(command)}`, ...lines, ""].join("\n");
  const stderr = warnings.map((text) => `binfmt-dispatcher: warning: ${text}\n`).join("");
  return Promise.resolve(success({ stdout, stderr }));
}

/** The command line. It is printed in a comment, so line breaks are replaced. */
function written({ host, machines, flags, direct, handler }: Binfmt): string {
  return [
    "binfmt",
    ...(host === undefined ? [] : [`--host ${host}`]),
    ...machines.map((machine) => `--machine ${machine}`),
    ...(flags === undefined ? [] : [`--flags ${flags}`]),
    ...(direct ? ["--direct"] : []),
    ...(handler === undefined ? [] : [`--handler ${handler}`]),
  ].join(" ").replaceAll("\n", " ");
}
