/** Layers on disk → the effective configuration. */
import type { Environment } from "../environment.ts";
import { type CheckedLayer, checkLayer } from "./check_layer.ts";
import { complete } from "./complete.ts";
import type { Effective, Fault, Layer, Origin } from "./config.ts";
import { keyName } from "./key_name.ts";
import { readLayerText } from "./layer_text.ts";
import { findLayers, type FoundLayer, readLayer } from "./layers.ts";
import { type Lines, locate } from "./locate.ts";
import type { Problem } from "./problem.ts";
import { resolveNames } from "./resolve_names.ts";
import { highestLayer, mergeValues, type Settings } from "./settings.ts";

export interface LoadOptions {
  /** Is the user's layer asked for too? */
  readonly user: boolean;
  /** Files to take as further layers, above all others. */
  readonly files?: readonly string[];
}

/** An effective configuration that can also tell what was said where. */
export interface Loaded extends Effective {
  readonly settings: Settings;
}

/** One layer, read and checked. */
interface ReadLayer extends CheckedLayer {
  readonly layer: Layer;
  /** What its lines are counted in. */
  readonly text: string;
}

function readOne(found: FoundLayer, index: number): ReadLayer {
  const { bytes, ...layer } = found;
  const nothing = { values: [], problems: [], text: "", layer };
  if (bytes === undefined) {
    const silent = ["absent", "masked", "empty"].includes(layer.state);
    return silent ? nothing : { ...nothing, problems: [wholeFile(index, layer.why ?? "", 0)] };
  }
  const read = readLayerText(bytes);
  if ("table" in read) return { layer, text: read.text, ...checkLayer(read.table, index) };
  const { line, why, text = "" } = read;
  const faulty = {
    ...layer,
    state: "faulty",
    why: line > 0 ? `line ${line}: ${why}` : why,
  } as const;
  return { layer: faulty, text, values: [], problems: [wholeFile(index, why, line)] };
}

function wholeFile(layer: number, message: string, line: number): Problem {
  return { severity: "error", layer, path: [], message, did_you_mean: undefined, line };
}

/** Where each value and each table stands: its layer, and its path there. */
function places(settings: Settings): Map<string, { layer: number; path: string[] }> {
  const all = new Map<string, { layer: number; path: string[] }>();
  for (const [section, tables] of settings) {
    for (const [id, table] of tables) {
      const path = id === "" ? [section] : [section, id];
      all.set(keyName(path), { layer: highestLayer(table), path });
      for (const [key, { layer }] of table) {
        all.set(keyName([...path, key]), { layer, path: [...path, key] });
      }
    }
  }
  return all;
}

/** Loads all layers. Never throws for what they say: faults() tells. */
export function loadConfig(environment: Environment, options: LoadOptions): Loaded {
  const found = findLayers(environment, options.user);
  const files = options.files ?? [];
  const below = found.layers.filter(({ path }) => !files.includes(path));
  const further = files.map((path) => readLayer(environment, path, "user"));
  const read = [...below, ...further].map(readOne);
  const layers = read.map(({ layer }) => layer);
  const resolved = resolveNames(read);
  const problems = resolved.flatMap((each) => each.problems);
  const settings = mergeValues(resolved.map(({ values }) => values));
  const config = complete(settings, problems);

  const located = new Map<number, Promise<Lines>>();
  const linesOf = (layer: number): Promise<Lines> => {
    const lines = located.get(layer) ?? locate(read[layer]!.text);
    located.set(layer, lines);
    return lines;
  };
  const toFault = async (problem: Problem): Promise<Fault> => {
    const lines = await linesOf(problem.layer);
    // The second parser tells the line of a table that is defined twice, where the first may tell the last.
    const line = problem.line === undefined
      ? lines.line(problem.path)
      : lines.fault ?? problem.line;
    const { severity, message, did_you_mean } = problem;
    const file = layers[problem.layer]!.path;
    return { severity, file, line, key: keyName(problem.path), message, did_you_mean };
  };
  let known: ReturnType<typeof places> | undefined;
  return {
    config,
    settings,
    layers,
    sources: found.sources,
    whole: found.whole,
    async faults(): Promise<readonly Fault[]> {
      const all = await Promise.all(problems.map(toFault));
      return all.map((fault, index) => ({ fault, layer: problems[index]!.layer }))
        .sort((a, b) => a.layer - b.layer || a.fault.line - b.fault.line)
        .map(({ fault }) => fault);
    },
    async origin(key: string): Promise<Origin | undefined> {
      known ??= places(settings);
      const place = known.get(key);
      if (place === undefined) return undefined;
      const line = (await linesOf(place.layer)).line(place.path);
      return { file: layers[place.layer]!.path, line };
    },
  };
}
