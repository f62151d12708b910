import { quoteText } from "./quote_text.ts";

/**
 * A key's path as TOML writes it: dotted, with quotes where a part needs them. A list's item has
 * its index in brackets.
 */
export function keyName(path: readonly (string | number)[]): string {
  let name = "";
  for (const part of path) {
    if (typeof part === "number") {
      name += `[${part}]`;
    } else {
      const word = /^[A-Za-z0-9_-]+$/.test(part) ? part : quoteText(part);
      name += name === "" ? word : `.${word}`;
    }
  }
  return name;
}
