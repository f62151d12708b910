/** Layers on disk → the effective configuration. */
import type { Environment } from "../environment.ts";
import { type CheckedLayer, checkLayer } from "./check_layer.ts";
import { complete } from "./complete.ts";
import type { Effective, Layer, Rule } from "./config.ts";
import { followRules } from "./follow_rules.ts";
import { chooseFormats } from "./format_choices.ts";
import { readLayerText } from "./layer_text.ts";
import { findLayers, type FoundLayer, readLayer } from "./layers.ts";
import { narrowedPaths } from "./narrowed_paths.ts";
import { Origins } from "./origins.ts";
import type { UnplacedDiagnostic } from "./unplaced_diagnostic.ts";
import { resolveNames } from "./resolve_names.ts";
import { mergeValues, type Settings } from "./settings.ts";

export interface LoadOptions {
  /** Include the user's layer? */
  readonly user: boolean;
  /** Files to use as further layers, above all others. */
  readonly files?: readonly string[];
}

/** An effective configuration that can also tell where each value was set. */
export interface Loaded extends Effective {
  readonly settings: Settings;
}

/** One layer, read and checked. */
interface ReadLayer extends CheckedLayer {
  readonly layer: Layer;
  /** The text in which its lines are counted. */
  readonly text: string;
}

function readOne(found: FoundLayer, index: number): ReadLayer {
  const { bytes, ...layer } = found;
  const nothing = { values: [], diagnostics: [], text: "", layer };
  if (bytes === undefined) {
    const silent = ["absent", "masked", "empty"].includes(layer.state);
    return silent ? nothing : { ...nothing, diagnostics: [wholeFile(index, layer.why ?? "", 0)] };
  }
  const read = readLayerText(bytes);
  if ("table" in read) return { layer, text: read.text, ...checkLayer(read.table, index) };
  const { line, why } = read;
  const faulty = {
    ...layer,
    state: "faulty",
    why: line > 0 ? `line ${line}: ${why}` : why,
  } as const;
  return { ...nothing, layer: faulty, diagnostics: [wholeFile(index, why, line)] };
}

function wholeFile(layer: number, message: string, line: number): UnplacedDiagnostic {
  return { severity: "error", layer, path: [], message, did_you_mean: undefined, line };
}

function notFollowed({ layer, id, path }: Rule, why: string): UnplacedDiagnostic {
  const message = `“${path}”: ${why}`;
  const key = ["binaries", id, "path"];
  return { severity: "warning", layer, path: key, message, did_you_mean: undefined };
}

/** Loads all layers. Never throws for their content: diagnostics() reports their faults. */
export function loadConfig(environment: Environment, options: LoadOptions): Loaded {
  const found = findLayers(environment, options.user);
  const files = options.files ?? [];
  const below = found.layers.filter(({ path }) => !files.includes(path));
  const further = files.map((path) => readLayer(environment, path, "user"));
  const read = [...below, ...further].map(readOne);
  const layers = read.map(({ layer }) => layer);
  const resolved = chooseFormats(resolveNames(read));
  const diagnostics = resolved.flatMap((each) => each.diagnostics);
  const settings = mergeValues(resolved.map(({ values }) => values));
  const completed = complete(settings, diagnostics);
  const { rules, links, limits } = followRules(completed.rules, environment);
  diagnostics.push(...limits.map(({ rule, why }) => notFollowed(rule, why)));
  const config = { ...completed, rules };

  const sources = read.map(({ layer, text }) => ({ path: layer.path, text }));
  const origins = new Origins(sources, settings);
  return {
    config,
    settings,
    layers,
    sources: found.sources,
    present: found.present,
    links,
    whole: found.whole,
    diagnostics: () => origins.diagnostics([...diagnostics, ...narrowedPaths(resolved)]),
    origin: (key) => origins.origin(key),
  };
}
