/** Finds interpreters that lost most of their machines because a layer changed their path. */
import type { CheckedLayer, Value } from "./check_layer.ts";
import { machinesByPath, pathMachine } from "./path_machine.ts";
import type { UnplacedDiagnostic } from "./unplaced_diagnostic.ts";

/** The beginning of the warning. */
export const NARROWED = "replaces a path with {machine} by one without";

const isPath = ({ section, key }: Value) => section === "interpreters" && key === "path";

/**
 * A warning for each path without {machine} that replaces one with {machine}, if no layer sets the
 * interpreter's machines: the interpreter then serves x86 only. A name such as qemu-x86_64 is
 * explicit and needs no warning.
 */
export function narrowedPaths(layers: readonly CheckedLayer[]): UnplacedDiagnostic[] {
  const all = layers.flatMap(({ values }, layer) => values.map((value) => ({ layer, value })));
  const explicit = new Set(
    all.flatMap(({ value: { section, id, key } }) =>
      section === "interpreters" && key === "machines" ? [id] : []
    ),
  );
  const paths = all.filter(({ value }) => isPath(value) && !explicit.has(value.id));
  const last = new Map(paths.map((each) => [each.value.id, each]));
  const everything = new Set(
    paths.filter((each) => serveAll(each.value)).map(({ value }) => value.id),
  );
  return [...last].filter(([id, { value }]) => everything.has(id) && losesMachines(value))
    .map(([id, { layer, value }]) => ({
      severity: "warning",
      layer,
      path: ["interpreters", id, "path"],
      message: `${NARROWED}: it now serves ${list(machinesByPath(listOf(value)))} only; ` +
        "use {machine}, or set machines",
      did_you_mean: undefined,
    }));
}

function listOf({ value }: Value): string[] {
  return [value].flat() as string[];
}

function losesMachines(value: Value): boolean {
  return !serveAll(value) && listOf(value).some((path) => pathMachine(path) === undefined);
}

function serveAll(value: Value): boolean {
  return listOf(value).some((path) => path.includes("{machine}"));
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
