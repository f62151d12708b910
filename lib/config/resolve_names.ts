/** Drops and reports names of unknown interpreters, machines and formats. */
import { MACHINES } from "../elf/machines.ts";
import { suggest } from "../suggest.ts";
import type { CheckedLayer, Value } from "./check_layer.ts";
import type { UnplacedDiagnostic } from "./unplaced_diagnostic.ts";

const MACHINE_NAMES: ReadonlySet<string> = new Set(MACHINES.map(({ name }) => name));

/** The known names, and what they name. */
interface Known {
  readonly names: ReadonlySet<string>;
  readonly what: string;
}

function idsOf(layers: readonly CheckedLayer[], wanted: (value: Value) => boolean): Set<string> {
  return new Set(layers.flatMap(({ values }) => values.filter(wanted).map(({ id }) => id)));
}

/** The name that was probably meant: Debian's names are known, too. */
function suggestName(word: string, names: ReadonlySet<string>): string | undefined {
  const ported = MACHINES.find(({ debian }) => debian === word)?.name;
  return ported !== undefined && names.has(ported) ? ported : suggest(word, names);
}

class Resolver {
  readonly #interpreters: Known;
  readonly #targets: Known;

  constructor(layers: readonly CheckedLayer[]) {
    const interpreters = idsOf(layers, (v) => v.section === "interpreters" && v.key === "path");
    const formats = idsOf(layers, (v) => v.section === "formats");
    this.#interpreters = { names: interpreters, what: "interpreter" };
    this.#targets = { names: new Set([...MACHINE_NAMES, ...formats]), what: "machine or format" };
  }

  /** The names that a value may consist of. */
  #known({ section, key }: Value): Known | undefined {
    if (section === "interpreters") return key === "machines" ? this.#targets : undefined;
    return key === "interpreter" ? this.#interpreters : undefined;
  }

  /** The value with known names only, or undefined if none is left. An empty list stays. */
  value(
    value: Value,
    report: (path: UnplacedDiagnostic["path"], word: string, known: Known) => void,
  ) {
    const known = this.#known(value);
    if (known === undefined) return value;
    const path = value.id === "" ? [value.section] : [value.section, value.id];
    const words = [value.value].flat() as string[];
    const left = words.filter((word, index) => {
      if (known.names.has(word)) return true;
      const list = Array.isArray(value.value) ? [index] : [];
      report([...path, value.key, ...list], word, known);
      return false;
    });
    return left.length === 0 && words.length > 0 ? undefined : { ...value, value: left };
  }
}

/** Why a table is dropped because of its name, or undefined. */
function wrongId({ section, id }: Value): string | undefined {
  if (section === "machines" && !MACHINE_NAMES.has(id)) return `“${id}” is not a known machine`;
  if (section === "formats" && MACHINE_NAMES.has(id)) {
    return `“${id}” is the name of a machine, so a format cannot use it`;
  }
  return undefined;
}

/** All layers' values, without unknown names. */
export function resolveNames(layers: readonly CheckedLayer[]): CheckedLayer[] {
  const resolver = new Resolver(layers);
  return layers.map(({ values, diagnostics }, layer) => {
    const found = [...diagnostics];
    const wrong = new Set<string>();
    const error = (
      path: UnplacedDiagnostic["path"],
      message: string,
      did_you_mean: string | undefined,
    ) => found.push({ severity: "error", layer, path, message, did_you_mean });
    const left = values.flatMap((value) => {
      const message = wrongId(value);
      if (message === undefined) {
        return resolver.value(
          value,
          (path, word, { names, what }) =>
            error(path, `“${word}” is not a known ${what}, ignoring it`, suggestName(word, names)),
        ) ?? [];
      }
      const name = `${value.section}.${value.id}`;
      if (!wrong.has(name)) {
        const meant = value.section === "machines"
          ? suggestName(value.id, MACHINE_NAMES)
          : undefined;
        error([value.section, value.id], message, meant);
      }
      wrong.add(name);
      return [];
    });
    return { values: left, diagnostics: found };
  });
}
