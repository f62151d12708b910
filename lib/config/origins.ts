/** Where values and diagnostics are: the lines are looked up only on request. */
import type { Diagnostic, Origin } from "./config.ts";
import { keyName } from "./key_name.ts";
import { Lines } from "./lines.ts";
import type { UnplacedDiagnostic } from "./unplaced_diagnostic.ts";
import { highestLayer, type Settings } from "./settings.ts";

/** A layer's path, and the text in which its lines are counted. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

interface Place {
  readonly layer: number;
  readonly path: readonly string[];
}

/** Where each value and each table is: its layer, and its path there. */
function places(settings: Settings): Map<string, Place> {
  const all = new Map<string, Place>();
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

export class Origins {
  readonly #sources: readonly Source[];
  readonly #settings: Settings;
  readonly #lines = new Map<number, Lines>();
  #places: Map<string, Place> | undefined;

  /** Sources by layer. */
  constructor(sources: readonly Source[], settings: Settings) {
    this.#sources = sources;
    this.#settings = settings;
  }

  #linesOf(layer: number): Lines {
    const lines = this.#lines.get(layer) ?? new Lines(this.#sources[layer]!.text);
    this.#lines.set(layer, lines);
    return lines;
  }

  #place(diagnostic: UnplacedDiagnostic): Diagnostic {
    const { layer, path, severity, message, did_you_mean } = diagnostic;
    const line = diagnostic.line ?? this.#linesOf(layer).line(path);
    const file = this.#sources[layer]!.path;
    return { severity, file, line, key: keyName(path), message, did_you_mean };
  }

  /** Each with its file and line, by layer and line. */
  diagnostics(unplaced: readonly UnplacedDiagnostic[]): Diagnostic[] {
    const all = unplaced.map((each) => ({ layer: each.layer, placed: this.#place(each) }));
    return all.sort((a, b) => a.layer - b.layer || a.placed.line - b.placed.line)
      .map(({ placed }) => placed);
  }

  /** Where a value or table was set, by its dotted key. */
  origin(key: string): Origin | undefined {
    this.#places ??= places(this.#settings);
    const place = this.#places.get(key);
    if (place === undefined) return undefined;
    const line = this.#linesOf(place.layer).line(place.path);
    return { file: this.#sources[place.layer]!.path, line };
  }
}
