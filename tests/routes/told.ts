/** What the specification and the evaluator say, in the same words. */
import type { Config } from "../../lib/config/config.ts";
import type { Decision } from "../../lib/routes/evaluate.ts";
import { byteText } from "./byte_text.ts";
import type { Expected } from "./specification.ts";

/** The same with one character for each byte of the command. */
export function inBytes({ outcome, rule }: Expected): Expected {
  if ("end" in outcome) return { outcome, rule };
  const { argv, added, env } = outcome;
  const all = { argv: argv.map(byteText), added: added.map(byteText), env: env.map(byteText) };
  return { outcome: all, rule };
}

/** What the table makes of it, in the specification's words, but byte by byte. */
export function told(config: Config, { failure, rule, command, added }: Decision): Expected {
  return {
    outcome: failure === undefined
      ? {
        argv: command!.argv.map((arg) => String.fromCharCode(...arg)),
        added: added.map((item) => String.fromCharCode(...item)),
        env: command!.env.map((item) => String.fromCharCode(...item)),
      }
      : { end: failure.code as "internal" },
    rule: rule === undefined || rule.index === 0 ? undefined : config.rules[rule.index - 1],
  };
}
