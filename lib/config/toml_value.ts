/** Values as TOML text. */
import { keyName } from "./key_name.ts";
import { quoteText } from "./quote_text.ts";

const WIDTH = 100;

function inline(value: unknown): string {
  if (typeof value === "string") return quoteText(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const pairs = Object.entries(value).map(([name, item]) => `${keyName([name])} = ${inline(item)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** A long list's items, as many to a line as fit. */
function wrapped(items: readonly unknown[]): string {
  const lines: string[] = [];
  for (const item of items) {
    const text = `${inline(item)},`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${text}`;
    } else lines.push(`  ${text}`);
  }
  return lines.join("\n");
}

/** `name = value  # comment`; a list that is too long for a line gets several. */
export function tomlLine(name: string, value: unknown, comment: string): string {
  const line = `${keyName([name])} = ${inline(value)}`;
  if (!Array.isArray(value) || line.length <= WIDTH) return `${line}  # ${comment}\n`;
  return `${keyName([name])} = [  # ${comment}\n${wrapped(value)}\n]\n`;
}
