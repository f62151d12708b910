/** How each format's files are recognised: as the highest layer with a usable choice says. */
import type { CheckedLayer, Value } from "./check_layer.ts";
import { MAX_MAGIC_END } from "./limits.ts";
import { parseMagic } from "./magic.ts";
import type { UnplacedDiagnostic } from "./unplaced_diagnostic.ts";

/** These keys belong together: one of the first two, and the others only with a magic. */
const KEYS = ["extension", "magic", "mask", "offset"];

type Choice = ReadonlyMap<string, Value>;

const isChoice = ({ section, key }: Value) => section === "formats" && KEYS.includes(key);

/**
 * An extension or a magic replaces all of these keys in lower layers. An impossible choice is
 * reported and left out, so the lower layer's stays. A format with no choice left is left out.
 */
export function chooseFormats(layers: readonly CheckedLayer[]): CheckedLayer[] {
  const kept = new Set<Value>();
  const lost = new Set<string>();
  const faults: UnplacedDiagnostic[] = [];
  const ids = new Set(layers.flatMap(({ values }) => values.filter(isChoice).map(({ id }) => id)));
  for (const id of ids) {
    let choice: Choice = new Map();
    layers.forEach(({ values }, layer) => {
      const own = values.filter((value) => isChoice(value) && value.id === id);
      const next = replaced(choice, own);
      const fault = faultOf(next);
      if (fault === undefined) choice = next;
      else faults.push({ ...faultAt(layer, id), message: `${fault}, ignoring it` });
    });
    for (const value of choice.values()) kept.add(value);
    if (choice.size === 0) lost.add(id);
  }
  return layers.map(({ values, diagnostics }, index) => ({
    values: values.filter((value) =>
      value.section !== "formats" ||
      (isChoice(value) ? kept.has(value) : !lost.has(value.id))
    ),
    diagnostics: [...diagnostics, ...faults.filter(({ layer }) => layer === index)],
  }));
}

function replaced(lower: Choice, own: readonly Value[]): Choice {
  const isWhole = own.some(({ key }) => key === "extension" || key === "magic");
  return new Map([...isWhole ? [] : lower, ...own.map((value) => [value.key, value] as const)]);
}

function faultAt(layer: number, id: string): Omit<UnplacedDiagnostic, "message"> {
  return { severity: "error", layer, path: ["formats", id], did_you_mean: undefined };
}

/** Why these keys cannot be combined, or undefined. */
function faultOf(choice: Choice): string | undefined {
  const said = (key: string) => choice.get(key)?.value as string | undefined;
  const magic = said("magic");
  if (magic === undefined) return undefined;
  if (choice.has("extension")) {
    return "the format has both extension and magic, expected only one";
  }
  const size = parseMagic(magic)!.length;
  const mask = said("mask");
  if (mask !== undefined && parseMagic(mask)!.length !== size) {
    return `the mask and the magic differ in length: ${size} bytes`;
  }
  const offset = (choice.get("offset")?.value ?? 0) as number;
  if (offset + size > MAX_MAGIC_END) {
    return `the magic extends beyond the first ${MAX_MAGIC_END} bytes`;
  }
  return undefined;
}
