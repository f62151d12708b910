/** Which rule matches a program. */
import { matches } from "../routes/naive_pattern.ts";
import type { Configuration, Rule } from "./configuration.ts";
import { ownHome, type World } from "./world.ts";

export interface Match {
  readonly rule: Rule;
  /** By where links in its path lead, and not as that is written. */
  readonly by_links: boolean;
}

/** For the canonical path, else for the path as it was given. */
export function ruleFor(config: Configuration, world: World): Match | undefined {
  return firstFor(config, world, world.canonical) ??
    (world.program.startsWith("/") ? firstFor(config, world, world.program) : undefined);
}

function firstFor(config: Configuration, world: World, path: string): Match | undefined {
  const home = ownHome(world);
  const known_home = home === "/" ? undefined : home;
  for (const rule of inOrder(config)) {
    if (matchesAsWritten(rule, path, known_home)) return { rule, by_links: false };
    if (matchesByLinks(rule, path, known_home, world)) return { rule, by_links: true };
  }
  return undefined;
}

function matchesAsWritten(rule: Rule, path: string, home: string | undefined): boolean {
  if (!rule.path.startsWith("~/")) return matches(rule.path, path);
  const is_below = home !== undefined && path.startsWith(`${home}/`);
  return is_below && matches(rule.path, `~${path.slice(home.length)}`);
}

/** Would the path be one as it is written, if it led through the links in the rule's own? */
function matchesByLinks(rule: Rule, path: string, home: string | undefined, { links }: World) {
  const part = wholeNames(rule.path);
  if (part === "" || part === "~") return false;
  const from = part.startsWith("~/") ? home && home + part.slice(1) : part;
  const leads_to = from && realPath(from, links, MAX_LINKS);
  if (leads_to === undefined) return false;
  const directory = leads_to === "/" ? "" : leads_to;
  const is_there = path === directory || path.startsWith(`${directory}/`);
  return is_there && matches(rule.path, part + path.slice(directory.length));
}

/** Of a path that is no pattern all, else what its first pattern character's name is in. */
function wholeNames(path: string): string {
  const [literal = ""] = path.split(/[*?[{]/);
  return literal === path && !path.endsWith("/") ? path : literal.replace(/\/?[^/]*$/, "");
}

/** The kernel follows no more. */
const MAX_LINKS = 40;

function realPath(
  path: string,
  links: World["links"],
  left: number,
): string | undefined {
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
