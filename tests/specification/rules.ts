/** Which rule matches a program. */
import { matches } from "../routes/naive_pattern.ts";
import type { Configuration, Rule } from "./configuration.ts";
import { ownHome, type World } from "./world.ts";

/** For the canonical path, else for the path as it was given. */
export function ruleFor(config: Configuration, world: World): Rule | undefined {
  return firstFor(config, world, world.canonical) ??
    (world.program.startsWith("/") ? firstFor(config, world, world.program) : undefined);
}

function firstFor(config: Configuration, world: World, path: string): Rule | undefined {
  const home = ownHome(world);
  const is_below = home !== undefined && home !== "/" && path.startsWith(`${home}/`);
  const below = is_below ? `~${path.slice(home.length)}` : undefined;
  return inOrder(config).find((rule) =>
    rule.path.startsWith("~/")
      ? below !== undefined && matches(rule.path, below)
      : matches(rule.path, path)
  );
}

/** Best first. */
function precedence(a: Rule, b: Rule): number {
  const is_pattern = ({ path }: Rule) => /[*?[{]/.test(path);
  const is_exact = (rule: Rule) => !is_pattern(rule) && !rule.path.endsWith("/");
  const literal = ({ path }: Rule) => path.split(/[*?[{]/)[0]!.length;
  if (a.layer !== b.layer) return b.layer - a.layer;
  if (is_exact(a) !== is_exact(b)) return is_exact(a) ? -1 : 1;
  if (literal(a) !== literal(b)) return literal(b) - literal(a);
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

const known = new WeakMap<Configuration, readonly Rule[]>();

/** The rules in the order in which they are asked. */
function inOrder(config: Configuration): readonly Rule[] {
  const found = known.get(config) ?? config.rules.toSorted(precedence);
  known.set(config, found);
  return found;
}
