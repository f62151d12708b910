/** The effective configuration as TOML, which can be loaded again, and as JSON. */
import { printable } from "../printable.ts";
import { effectiveValues } from "./effective_values.ts";
import { keyName } from "./key_name.ts";
import type { Loaded } from "./load.ts";
import { tomlLine } from "./toml_value.ts";

/** Version of this JSON: incremented when a field changes its meaning or is removed. */
export const SHOW_VERSION = 2;

/** TOML with each value's file and line. */
export function showToml(loaded: Loaded): string {
  const layers = loaded.layers.map(({ path, state, why }) =>
    printable(`#   ${path}: ${state}${why === undefined ? "" : ` (${why})`}`) + "\n"
  );
  let text = `# The effective configuration, from these layers (later wins):\n${layers.join("")}`;
  let header = "";
  for (const { section, id, key, value, origin } of effectiveValues(loaded)) {
    const name = keyName(id === "" ? [section] : [section, id]);
    if (name !== header) text += `\n[${name}]\n`;
    header = name;
    text += tomlLine(
      key,
      value,
      origin === undefined ? "built in" : printable(`${origin.file}:${origin.line}`),
    );
  }
  return text;
}

/** JSON; docs/json.md describes it. */
export function showJson(loaded: Loaded): string {
  const values = effectiveValues(loaded).map(({ section, id, key, value, origin }) => ({
    key: keyName(id === "" ? [section, key] : [section, id, key]),
    value,
    file: origin?.file ?? null,
    line: origin?.line ?? null,
  }));
  const rules = loaded.config.rules.map(({ id, path, interpreter, layer }) => ({
    id,
    path,
    interpreter,
    layer: loaded.layers[layer]!.path,
  }));
  const layers = loaded.layers.map(({ path, kind, state, why }) => ({
    path,
    kind,
    state,
    why: why ?? null,
  }));
  const diagnostics = loaded.diagnostics().map((each) => ({
    ...each,
    did_you_mean: each.did_you_mean ?? null,
  }));
  const { sources, whole } = loaded;
  const shown = { version: SHOW_VERSION, layers, sources, whole, values, rules, diagnostics };
  return JSON.stringify(shown, null, 2) + "\n";
}
