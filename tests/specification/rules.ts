/** The rule that matches a program. */
import { matches } from "../routes/naive_pattern.ts";
import type { Configuration, Rule } from "./configuration.ts";
import { ownHome, type World } from "./world.ts";

export interface Match {
  readonly rule: Rule;
  /** The path matches only with its links followed. */
  readonly by_links: boolean;
}

/** The rule for the canonical path, else for the given path. */
export function ruleFor(config: Configuration, world: World): Match | undefined {
  return firstFor(config, world, world.canonical) ??
    (world.program.startsWith("/") ? firstFor(config, world, world.program) : undefined);
}

function firstFor(config: Configuration, world: World, path: string): Match | undefined {
  const own = ownHome(world);
  const home = own === "/" ? undefined : own;
  for (const rule of inOrder(config)) {
    if (matchesAsWritten(rule, path, home)) return { rule, by_links: false };
    if (matchesByLinks(rule, path, home, world)) return { rule, by_links: true };
  }
  return undefined;
}

function matchesAsWritten(rule: Rule, path: string, home: string | undefined): boolean {
  if (!rule.path.startsWith("~/")) return matches(rule.path, path);
  const isBelow = home !== undefined && path.startsWith(`${home}/`);
  return isBelow && matches(rule.path, `~${path.slice(home.length)}`);
}

/** Does the rule match the path that leads through the links of the rule's own path? */
function matchesByLinks(rule: Rule, path: string, home: string | undefined, { links }: World) {
  const part = wholeNames(rule.path);
  if (part === "" || part === "~") return false;
  const from = part.startsWith("~/") ? home && home + part.slice(1) : part;
  const real = from && realPath(from, links, MAX_LINKS);
  if (real === undefined) return false;
  const directory = real === "/" ? "" : real;
  const isBelow = path === directory || path.startsWith(`${directory}/`);
  return isBelow && matches(rule.path, part + path.slice(directory.length));
}

/** The whole path, or a pattern's directories before the first name with a special character. */
function wholeNames(path: string): string {
  const [literal = ""] = path.split(/[*?[{]/);
  return literal === path && !path.endsWith("/") ? path : literal.replace(/\/?[^/]*$/, "");
}

/** The kernel follows at most this many. */
const MAX_LINKS = 40;

function realPath(path: string, links: World["links"], left: number): string | undefined {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  let at = "";
  for (const [i, name] of names.entries()) {
    const target = links.get(`${at}/${name}`);
    if (name === "..") at = at.replace(/\/[^/]*$/, "");
    else if (target === undefined) at += `/${name}`;
    else {
      const start = target.startsWith("/") ? target : `${at}/${target}`;
      const rest = names.slice(i + 1).join("/");
      return left === 0 ? undefined : realPath(`${start}/${rest}`, links, left - 1);
    }
  }
  return at === "" ? "/" : at;
}

/** Sorts the rule of highest precedence first. */
function precedence(a: Rule, b: Rule): number {
  const isPattern = ({ path }: Rule) => /[*?[{]/.test(path);
  const isExact = (rule: Rule) => !isPattern(rule) && !rule.path.endsWith("/");
  const literal = ({ path }: Rule) => path.split(/[*?[{]/)[0]!.length;
  if (a.layer !== b.layer) return b.layer - a.layer;
  if (isExact(a) !== isExact(b)) return isExact(a) ? -1 : 1;
  if (literal(a) !== literal(b)) return literal(b) - literal(a);
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

const known = new WeakMap<Configuration, readonly Rule[]>();

/** The rules in order of precedence. */
function inOrder(config: Configuration): readonly Rule[] {
  const found = known.get(config) ?? config.rules.toSorted(precedence);
  known.set(config, found);
  return found;
}
