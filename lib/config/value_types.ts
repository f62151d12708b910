/** The types of a layer's values. Each message completes "expected …". */
import * as v from "valibot";
import { WRITTEN_NAME } from "../is_package_name.ts";
import { MAX_ITEMS, MAX_NAME, MAX_STRING } from "./limits.ts";
import { parseMagic } from "./magic.ts";
import { UNPRINTABLE } from "./quote_text.ts";

/** TOML is UTF-8 and so are the strings made of it; a zero byte would end them early. */
export const string = (expected: string, pattern: RegExp) =>
  v.pipe(
    v.string(expected),
    v.maxLength(MAX_STRING, `at most ${MAX_STRING} characters`),
    v.regex(pattern, expected),
    v.check((text) => text.isWellFormed(), "well-formed Unicode"),
  );

export const list = <T extends v.GenericSchema>(item: T, expected: string) =>
  v.pipe(v.array(item, expected), v.maxLength(MAX_ITEMS, `at most ${MAX_ITEMS} items`));

export const oneOrMore = <T extends v.GenericSchema>(item: T, expected: string) =>
  v.union([item, list(item, expected)], `${expected}, or a list of them`);

const table = <T extends v.GenericSchema>(
  key: v.GenericSchema<string>,
  item: T,
  expected: string,
) =>
  v.pipe(
    v.record(key, item, expected),
    v.maxEntries(MAX_ITEMS, `at most ${MAX_ITEMS} keys`),
  );

export const described = <T extends v.GenericSchema>(schema: T, description: string) =>
  v.pipe(schema, v.description(description));

/** Values of this schema may contain these words in braces, which are replaced. */
export const withPlaceholders = <T extends v.GenericSchema>(words: readonly string[], schema: T) =>
  v.pipe(schema, v.metadata({ placeholders: words }));

export const MACHINE_WORDS: readonly string[] = ["machine", "gnu", "debian"];
export const ARGUMENT_WORDS: readonly string[] = ["program", "argv0", "sysroot", ...MACHINE_WORDS];

// Names and paths must not contain control characters: these could forge lines of output and logs.
export const name = v.pipe(
  string("printable text", new RegExp(`^${UNPRINTABLE.source.replace("[", "[^")}+$`)),
  v.maxLength(MAX_NAME, `at most ${MAX_NAME} characters`),
);
// deno-lint-ignore no-control-regex
export const argument = string("a string without NUL bytes", /^[^\x00]*$/);
// deno-lint-ignore no-control-regex
export const absolutePath = string("an absolute path", /^\/[^\x00-\x1f\x7f]*$/);
// deno-lint-ignore no-control-regex
export const homePath = string("a path that begins with / or ~/", /^~?\/[^\x00-\x1f\x7f]*$/);
const requirement = string(
  "a path that begins with /, ~/ or {XDG_DATA_HOME}/, or a variable such as $NAME",
  // deno-lint-ignore no-control-regex
  /^((~|\{XDG_DATA_HOME\})?\/[^\x00-\x1f\x7f]*|\$[A-Za-z_][A-Za-z0-9_]*)$/,
);
export const sysroot = string(
  "an absolute path, or a variable such as $NAME",
  // deno-lint-ignore no-control-regex
  /^(\/[^\x00-\x1f\x7f]*|\$[A-Za-z_][A-Za-z0-9_]*)$/,
);
export const rulePath = string(
  "a path that begins with /, ~/ or *",
  // deno-lint-ignore no-control-regex
  /^(~?\/|\*)[^\x00-\x1f\x7f]*$/,
);
const packageName = string("a package's name", WRITTEN_NAME);
export const magic = v.pipe(
  string("bytes in single quotes, as in binfmt.d: 'MZ' or '\\x7fELF'", /^[\x20-\x7e]+$/),
  v.check(
    (text) => parseMagic(text) !== undefined,
    "\\xNN or \\\\ after a backslash; write the text in single quotes",
  ),
);

export const ids = oneOrMore(name, "an interpreter's ID");
export const required = withPlaceholders(
  ["XDG_DATA_HOME", ...MACHINE_WORDS],
  list(
    v.union([requirement, list(requirement, "a path")], "a path, or a list of alternative paths"),
    "a list of paths",
  ),
);
export const packages = withPlaceholders(
  MACHINE_WORDS,
  table(
    name,
    oneOrMore(packageName, "a package's name"),
    'a table from package manager to packages, such as { dnf = ["qemu-user"] }',
  ),
);
export const variables = withPlaceholders(
  ARGUMENT_WORDS,
  table(
    string("a variable's name", /^[A-Za-z_][A-Za-z0-9_]*$/),
    v.union([
      argument,
      v.strictObject({ default: argument }, 'a table { default = "value" }'),
      v.literal(false, "false"),
    ], 'a string, { default = "value" } or false'),
    'a table from variable to value, such as { NAME = "value" }',
  ),
);
export const flag = v.boolean("true or false");
export const whole = (least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(least, expected),
    v.maxValue(most, expected),
  );
};
export const oneOf = <const T extends readonly string[]>(...words: T) =>
  v.picklist(words, `one of ${words.join(", ")}`);
