import type { Effective, Layer } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { failed, type Result, success } from "../failure.ts";
import { RESOLVER } from "../paths.ts";
import { compileRoutes, type RefusedRule } from "../routes/compile.ts";
import { dumpTable } from "../routes/dump.ts";
import { Table } from "../routes/table.ts";
import type { Answer, Outcome } from "./answer.ts";
import type { Routes } from "./arguments.ts";

/** `routes`: the route table to stdout. This is also what the handler starts, as the resolver. */
export function routes(command: Routes, environment: Environment): Outcome {
  return Promise.resolve(write(command, environment));
}

function write(command: Routes, environment: Environment): Result<Answer> {
  const effective = loadConfig(environment, { user: !command.system });
  const user = effective.layers.find(({ kind }) => kind === "user");
  // Another version of this program may compile the same layers to another table.
  const sources = [...effective.sources, RESOLVER];
  const key = user === undefined ? {} : { key: user.path };
  const compiled = compileRoutes({ ...effective, sources } satisfies Effective, key);
  if (!compiled.ok) return compiled;
  const { table, refused } = compiled.value;
  if (command.dump) return dump(table, refused);
  if (environment.isTerminal(1)) {
    return failed({
      code: "usage",
      what: "write the route table to a terminal",
      why: "it is not made for people",
      hint: "In words: binfmt-dispatcher routes --dump",
    });
  }
  return success(refusal(user, environment, { stdout: table }));
}

function dump(bytes: Uint8Array, refused: readonly RefusedRule[]): Result<Answer> {
  const table = Table.read(bytes);
  if (!table.ok) return table;
  const words = dumpTable(table.value, refused);
  return words.ok ? success({ stdout: words.value }) : words;
}

/**
 * A layer that does not count for its owner or mode is told to whoever may wonder, once for each
 * table.
 */
function refusal(user: Layer | undefined, environment: Environment, answer: Answer): Answer {
  if (user?.state !== "refused" || !environment.isTerminal(2)) return answer;
  const stderr = `binfmt-dispatcher: Cannot use “${user.path}”: ${user.why}, ignoring it\n`;
  return { ...answer, stderr };
}
