/** The placeholders of each key, and the words in braces that are none. */

const PROGRAM = ["machine", "gnu", "debian"];
const ARGUMENTS = ["program", "argv0", "sysroot", ...PROGRAM];

const FILLED_IN: Readonly<Record<string, readonly string[]>> = {
  "interpreters.path": PROGRAM,
  "interpreters.args": ARGUMENTS,
  "interpreters.env": ARGUMENTS,
  "interpreters.sysroot": PROGRAM,
  "interpreters.required_paths": ["XDG_DATA_HOME", ...PROGRAM],
  "interpreters.dynamic_required_paths": ["XDG_DATA_HOME", ...PROGRAM],
  "interpreters.packages": PROGRAM,
  "muvm.required_paths": ["XDG_DATA_HOME", ...PROGRAM],
  "muvm.packages": PROGRAM,
};

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** The words in braces that this key's values may have as placeholders. */
export function filledIn(section: string, key: string): readonly string[] {
  return FILLED_IN[`${section}.${key}`] ?? [];
}

/** The words in braces that are not placeholders, in a key that has placeholders. */
export function unknownPlaceholders(section: string, key: string, value: unknown): string[] {
  const known = filledIn(section, key);
  if (known.length === 0) return [];
  const words = strings(value).flatMap((text) =>
    Array.from(text.matchAll(/\{([A-Za-z][A-Za-z0-9_-]*)\}/g), ([, word]) => word!)
  );
  return [...new Set(words)].filter((word) => !known.includes(word));
}
