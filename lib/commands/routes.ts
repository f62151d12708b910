import type { Effective, Layer } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { failed, type Result, success } from "../failure.ts";
import { installWords } from "../install/install_words.ts";
import { RESOLVER } from "../paths.ts";
import { FORMAT_VERSION } from "../routes/format.ts";
import { compileRoutes, type RefusedRule } from "../routes/compile.ts";
import { dumpTable } from "../routes/dump.ts";
import { Table } from "../routes/table.ts";
import type { Answer, Outcome } from "./answer.ts";
import type { Routes } from "./command.ts";

/** `routes`: writes the route table to stdout. The handler starts it as the resolver. */
export function routes(command: Routes, environment: Environment): Outcome {
  return Promise.resolve(write(command, environment));
}

function write(command: Routes, environment: Environment): Result<Answer> {
  if (![undefined, String(FORMAT_VERSION)].includes(command.format)) {
    return failed({
      code: "usage",
      what: `write a route table of format ${command.format}`,
      why: `this version writes format ${FORMAT_VERSION}`,
      hint: "The handler has another version: install both from the same package.",
    });
  }
  const effective = loadConfig(environment, { user: !command.system });
  const user = effective.layers.find(({ kind }) => kind === "user");
  // Install commands come from the system layers only.
  const system = user?.state === "read" ? loadConfig(environment, { user: false }) : effective;
  // Another version of this program may compile the same layers to another table.
  const sources = [...effective.sources, RESOLVER];
  const present = new Set(effective.present);
  if (environment.stat(RESOLVER) !== "absent") present.add(RESOLVER);
  const compiled = compileRoutes({ ...effective, sources, present } satisfies Effective, {
    ...(user === undefined ? {} : { key: user.path }),
    ...(user?.state === "refused" ? { notice: refusal(user) } : {}),
    installWords: installWords(system.config, environment),
  });
  if (!compiled.ok) return compiled;
  const { table, refused } = compiled.value;
  if (command.dump) return dump(table, refused);
  if (environment.isTerminal(1)) {
    return failed({
      code: "usage",
      what: "write the route table to a terminal",
      why: "it is binary data",
      hint: "Print it as text: binfmt-dispatcher routes --dump",
    });
  }
  return success({ stdout: table });
}

function dump(bytes: Uint8Array, refused: readonly RefusedRule[]): Result<Answer> {
  const table = Table.read(bytes);
  if (!table.ok) return table;
  const words = dumpTable(table.value, refused);
  return words.ok ? success({ stdout: words.value }) : words;
}

/** The warning about a layer that is ignored because of its owner or mode. */
function refusal({ path, why }: Layer): string {
  return `binfmt-dispatcher: Cannot use “${path}”: ${why}, ignoring it`;
}
