/** The placeholders of a key's values, and the words in braces that are none. */
import * as v from "valibot";

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** The words in braces that values of this schema may contain; lib/config/schema.ts sets them. */
export function placeholdersOf(schema: v.GenericSchema): readonly string[] {
  const inner = "wrapped" in schema ? schema.wrapped as v.GenericSchema : schema;
  return v.getMetadata(inner)["placeholders"] as readonly string[] | undefined ?? [];
}

/** All words in braces in a value. */
export function wordsInBraces(value: unknown): string[] {
  const words = strings(value).flatMap((text) =>
    Array.from(text.matchAll(/\{([A-Za-z][A-Za-z0-9_-]*)\}/g), ([, word]) => word!)
  );
  return [...new Set(words)];
}
