/** How to make a choice for one start permanent. */
import { basename } from "@std/path";
import type { Config } from "../config/config.ts";
import { keyName } from "../config/key_name.ts";
import { userLayer } from "../config/layers.ts";
import { quoteText } from "../config/quote_text.ts";
import type { Environment } from "../environment.ts";
import { ADMIN_LAYER } from "../paths.ts";

/** Lines of TOML and the layer that they belong to. */
export interface Keep {
  readonly file: string;
  readonly lines: readonly string[];
}

/** `program` is a canonical path: a rule for exactly that precedes all others of its layer. */
export function keepChoice(
  program: string,
  interpreter: string,
  { rules }: Pick<Config, "rules">,
  environment: Environment,
): Keep {
  // Root's choices apply to the whole system.
  const own = environment.root === "" && environment.uid() !== 0
    ? userLayer(environment)
    : undefined;
  const name = newName(basename(program), new Set(rules.map(({ id }) => id)));
  const lines = [
    `[${keyName(["binaries", name])}]`,
    `path = ${quoteText(program)}`,
    `interpreter = ${quoteText(interpreter)}`,
  ];
  return { file: own ?? ADMIN_LAYER, lines };
}

/** A rule with the name of another one would replace that one's paths. */
function newName(name: string, taken: ReadonlySet<string>): string {
  for (let i = 2, found = name;; i++) {
    if (!taken.has(found)) return found;
    found = `${name}-${i}`;
  }
}

/** For people, ready to paste. */
export function keepWords({ file, lines }: Keep): string[] {
  return [`To make this permanent, add to ${file}:`, "", ...lines];
}
