/** Stand-in for jsr:@std/toml, on smol-toml. */
import { parse as parseToml } from "npm:smol-toml@1.9.1";

export function parse(text: string): Record<string, unknown> {
  return parseToml(text);
}
