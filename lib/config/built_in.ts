import texts from "../../config/built_in.json" with { type: "json" };

/** Stands for the layer's path. */
export const BUILT_IN = "built in";

/** The file that packages ship it as. */
export const SHIPPED_NAME = "00-default.toml";

/** The layer that is shipped for a host's machine; undefined where there is none for it. */
export function builtIn(machine: string): Uint8Array | undefined {
  const text = new Map<string, string>(Object.entries(texts)).get(machine);
  return text === undefined ? undefined : new TextEncoder().encode(text);
}
