/** Control characters, and those that reverse or break lines: a terminal would obey them. */
// deno-lint-ignore no-control-regex
export const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

const EACH = new RegExp(UNPRINTABLE, "g");

/**
 * A string quoted as TOML basic strings and JSON do, with every unprintable character escaped.
 */
export function quoteText(text: string): string {
  const escaped = (letter: string) => "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0");
  return JSON.stringify(text).replace(EACH, escaped);
}
