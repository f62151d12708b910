/**
 * Stand-in for jsr:@std/toml, on smol-toml.
 * https://github.com/denoland/std/blob/main/toml/parse.ts
 */
import { parse as parseToml, TomlDate, TomlError } from "smol-toml";

/** Converts smol-toml's values to those of @std/toml: plain objects, Date, local times as text. */
function converted(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof TomlDate) return convertedDate(value);
  if (Array.isArray(value)) return value.map(converted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, converted(item)]));
}

function convertedDate(date: TomlDate): Date | string {
  const text = date.toISOString();
  if (date.isTime()) return text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  return new Date(text); // without an offset: in the local time zone
}

/**
 * Parses TOML text into an object.
 *
 * @throws SyntaxError "Parse error on line L, column C: why"
 */
export function parse(tomlString: string): Record<string, unknown> {
  try {
    const table = parseToml(tomlString, { integersAsBigInt: "asNeeded" });
    return converted(table) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const why = error.message.split("\n", 1)[0]!.replace("Invalid TOML document: ", "");
    const { line, column } = error;
    throw new SyntaxError(`Parse error on line ${line}, column ${column - 1}: ${why}`);
  }
}
