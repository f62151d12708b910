import texts from "../../config/built_in.json" with { type: "json" };

/** Shown instead of a path. */
export const BUILT_IN = "built in";

/** The file name in packages. */
export const SHIPPED_NAME = "00-default.toml";

/** The layer shipped for a host's machine; undefined if there is none. */
export function builtIn(machine: string): Uint8Array | undefined {
  const text = new Map<string, string>(Object.entries(texts)).get(machine);
  return text === undefined ? undefined : new TextEncoder().encode(text);
}
