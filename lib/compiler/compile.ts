/** Compiles a TypeScript file and its imports. docs/subset.md describes the language. */
import { dirname, join } from "@std/path";
import { type Host, Program } from "../native/program.ts";
import { Modules, type ReadFile } from "./modules.ts";
import { Refusal } from "./refusal.ts";
import { Unit } from "./unit.ts";

export interface CompileOptions {
  readonly host: Host;
  /** The names of the program's options, in their order in an image. */
  readonly options?: readonly string[];
  /** Returns a file's text. */
  readonly read?: ReadFile;
}

/** The file that declares structures, from the entry's directory. */
const TABLE = "decide/table.ts";

/**
 * Compiles main() of the file at an absolute path. Throws a Refusal that names each place outside
 * of the subset.
 */
export function compile(
  entry: string,
  { host, options = [], read = Deno.readTextFileSync }: CompileOptions,
): Program {
  const modules = new Modules(entry, read);
  const module = modules.load(entry);
  const main = module.own.get("main");
  if (main?.what !== "function") throw new Refusal(`${module.name}: expected a function main`);
  const p = new Program(host);
  const path = join(dirname(entry), TABLE);
  const table = modules.has(path) ? { table: modules.load(path) } : {};
  const unit = new Unit(p, modules, { options, ...table });
  unit.entry(main);
  if (unit.refusals.length > 0) throw new Refusal(unit.refusals.join("\n"));
  return p;
}
