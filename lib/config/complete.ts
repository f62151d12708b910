/** Merged settings → the effective configuration, with built-in defaults for unset keys. */
import * as v from "valibot";
import type { AnyOf, Config, Format, Interpreter, Muvm, Rule } from "./config.ts";
import { MAX_RULES } from "./limits.ts";
import { parseMagic } from "./magic.ts";
import { machinesByPath } from "./path_machine.ts";
import type { UnplacedDiagnostic } from "./unplaced_diagnostic.ts";
import { DEFAULTS, FORMAT, INTERPRETER, MUVM } from "./schema.ts";
import { highestLayer, type Settings, type Table, tablesOf } from "./settings.ts";
import { sortRules } from "./sort_rules.ts";

/** Receives the faults of a table as a whole. */
type Report = (table: Table, path: UnplacedDiagnostic["path"], message: string) => void;

type Text = string | readonly string[];
type Packages = Readonly<Record<string, Text>>;

/** A table's values with the schema's defaults. Each value was already checked, key by key. */
function filled<T extends v.GenericSchema>(schema: T, table: Table | undefined): v.InferOutput<T> {
  const values = Array.from(table ?? [], ([key, { value }]) => [key, value]);
  return { ...v.getDefaults(schema), ...Object.fromEntries(values) };
}

function asList(value: Text): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

function eachAsList(values: Packages): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, asList(text)]));
}

function eachAnyOf(values: readonly Text[]): readonly AnyOf[] {
  return values.map(asList);
}

/**
 * FEX's program was once called FEXInterpreter, as in existing configurations; now it is FEX.
 * https://github.com/FEX-Emu/FEX/pull/569
 */
function withPresentNames(paths: readonly string[]): readonly string[] {
  const present = paths.flatMap((path) =>
    path.endsWith("/FEXInterpreter") ? [path, path.replace(/Interpreter$/, "")] : [path]
  );
  return [...new Set(present)];
}

function interpreters(settings: Settings, report: Report): Map<string, Interpreter> {
  const all = new Map<string, Interpreter>();
  for (const [id, table] of tablesOf(settings, "interpreters")) {
    const said = filled(INTERPRETER, table);
    if (said.path === undefined) {
      report(table, ["interpreters", id], "the interpreter has no path, ignoring it");
      continue;
    }
    const path = withPresentNames(asList(said.path));
    all.set(id, {
      name: said.name ?? id,
      path,
      args: said.args,
      env: said.env,
      machines: said.machines === undefined ? machinesByPath(path) : asList(said.machines),
      linkage: said.linkage,
      sysroot: asList(said.sysroot),
      required_paths: eachAnyOf(said.required_paths),
      dynamic_required_paths: eachAnyOf(said.dynamic_required_paths),
      packages: eachAsList(said.packages),
      hint: said.hint,
      use_muvm: said.use_muvm,
    });
  }
  return all;
}

function muvm(settings: Settings): Muvm {
  const said = filled(MUVM, tablesOf(settings, "muvm").get(""));
  return {
    ...said,
    required_paths: eachAnyOf(said.required_paths),
    packages: eachAsList(said.packages),
  };
}

function formats(settings: Settings, report: Report): Map<string, Format> {
  const all = new Map<string, Format>();
  for (const [id, table] of tablesOf(settings, "formats")) {
    const said = filled(FORMAT, table);
    if (said.extension === undefined && said.magic === undefined) {
      const why = "the format has neither extension nor magic, ignoring it";
      report(table, ["formats", id], why);
      continue;
    }
    const magic = said.magic === undefined ? undefined : parseMagic(said.magic);
    all.set(id, {
      extension: said.extension,
      magic,
      mask: said.mask === undefined ? magic?.map(() => 0xff) : parseMagic(said.mask),
      offset: said.offset,
      clr: said.clr,
      interpreter: asList(said.interpreter),
    });
  }
  return all;
}

function rules(settings: Settings, report: Report): Rule[] {
  const all: Rule[] = [];
  for (const [id, table] of tablesOf(settings, "binaries")) {
    const path = table.get("path")?.value as Text | undefined;
    const interpreter = table.get("interpreter")?.value as Text | undefined;
    const lacks = path === undefined
      ? "path"
      : interpreter === undefined
      ? "interpreter"
      : undefined;
    if (lacks !== undefined) {
      report(table, ["binaries", id], `the rule has no ${lacks}, ignoring it`);
    } else if (asList(interpreter!).length > 0) {
      const rest = { id, interpreter: asList(interpreter!), layer: highestLayer(table) };
      for (const each of new Set(asList(path!))) all.push({ ...rest, path: each });
    }
  }
  const sorted = sortRules(all);
  const first = sorted[MAX_RULES];
  if (first !== undefined) {
    const message = `more than ${MAX_RULES} paths in all rules, ignoring this one and all after it`;
    report(tablesOf(settings, "binaries").get(first.id)!, ["binaries", first.id], message);
  }
  return sorted.slice(0, MAX_RULES);
}

/** The effective configuration. Unusable values are reported and left out. */
export function complete(settings: Settings, diagnostics: UnplacedDiagnostic[]): Config {
  const report: Report = (table, path, message) =>
    diagnostics.push({
      severity: "error",
      layer: highestLayer(table),
      path,
      message,
      did_you_mean: undefined,
    });
  const { interpreter, ...others } = filled(DEFAULTS, tablesOf(settings, "defaults").get(""));
  const machines = Array.from(
    tablesOf(settings, "machines"),
    ([name, table]) => [name, asList(table.get("interpreter")!.value as Text)] as const,
  );
  return {
    defaults: { interpreter: asList(interpreter), ...others },
    machines: new Map(machines),
    interpreters: interpreters(settings, report),
    muvm: muvm(settings),
    formats: formats(settings, report),
    rules: rules(settings, report),
  };
}
