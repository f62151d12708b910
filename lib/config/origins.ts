/** Where values and faults stand: the lines are looked up only when asked for. */
import type { Fault, Origin } from "./config.ts";
import { keyName } from "./key_name.ts";
import { type Lines, locate } from "./locate.ts";
import type { Problem } from "./problem.ts";
import { highestLayer, type Settings } from "./settings.ts";

/** A layer's path, and the text that its lines are counted in. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

interface Place {
  readonly layer: number;
  readonly path: readonly string[];
}

/** Where each value and each table stands: its layer, and its path there. */
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

  async #fault(problem: Problem): Promise<Fault> {
    const lines = await this.#linesOf(problem.layer);
    // The second parser tells the line of a table that is defined twice, where the first may tell
    // the last.
    const line = problem.line === undefined
      ? lines.line(problem.path)
      : lines.fault ?? problem.line;
    const { severity, message, did_you_mean } = problem;
    const file = this.#sources[problem.layer]!.path;
    return { severity, file, line, key: keyName(problem.path), message, did_you_mean };
  }

  /** The faults that the problems are, by layer and line. */
  async faults(problems: readonly Problem[]): Promise<Fault[]> {
    const all = await Promise.all(
      problems.map(async (each) => ({ layer: each.layer, fault: await this.#fault(each) })),
    );
    return all.sort((a, b) => a.layer - b.layer || a.fault.line - b.fault.line)
      .map(({ fault }) => fault);
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
