/** Where values and diagnostics are: the lines are looked up only on request. */
import type { Diagnostic, Origin } from "./config.ts";
import { keyName } from "./key_name.ts";
import { type Lines, locate } from "./locate.ts";
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
  readonly #lines = new Map<number, Promise<Lines>>();
  #places: Map<string, Place> | undefined;

  /** Sources by layer. */
  constructor(sources: readonly Source[], settings: Settings) {
    this.#sources = sources;
    this.#settings = settings;
  }

  #linesOf(layer: number): Promise<Lines> {
    const lines = this.#lines.get(layer) ?? locate(this.#sources[layer]!.text);
    this.#lines.set(layer, lines);
    return lines;
  }

  async #place(diagnostic: UnplacedDiagnostic): Promise<Diagnostic> {
    const lines = await this.#linesOf(diagnostic.layer);
    // The second parser knows the line of a table that is defined twice; the first may give the
    // last line.
    const line = diagnostic.line === undefined
      ? lines.line(diagnostic.path)
      : lines.errorLine ?? diagnostic.line;
    const { severity, message, did_you_mean } = diagnostic;
    const file = this.#sources[diagnostic.layer]!.path;
    return { severity, file, line, key: keyName(diagnostic.path), message, did_you_mean };
  }

  /** Each with its file and line, by layer and line. */
  async diagnostics(unplaced: readonly UnplacedDiagnostic[]): Promise<Diagnostic[]> {
    const all = await Promise.all(
      unplaced.map(async (each) => ({ layer: each.layer, placed: await this.#place(each) })),
    );
    return all.sort((a, b) => a.layer - b.layer || a.placed.line - b.placed.line)
      .map(({ placed }) => placed);
  }

  /** Where a value or table was set, by its dotted key. */
  async origin(key: string): Promise<Origin | undefined> {
    this.#places ??= places(this.#settings);
    const place = this.#places.get(key);
    if (place === undefined) return undefined;
    const line = (await this.#linesOf(place.layer)).line(place.path);
    return { file: this.#sources[place.layer]!.path, line };
  }
}
