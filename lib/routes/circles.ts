import type { Config, Rule } from "../config/config.ts";
import { keyName } from "../config/key_name.ts";
import { isMadeFor } from "./choose.ts";
import { findComponents } from "./components.ts";
import { rowsOf } from "./rows.ts";
import { fillInRow } from "./template.ts";

/** An interpreter leads to the rules for its own paths, a rule to its interpreters. */
type Node = string | Rule;
type Edges = ReadonlyMap<Node, readonly Node[]>;

/** Where a path has more rules in circles than this, all of its others count at once. */
const MAX_ROUNDS = 16;

/**
 * Rules that have an interpreter's own file run by an interpreter which, by itself or by such rules
 * in turn, is run by the former; with each why it is refused, without a period. Only rules for the
 * very path count: a folder or pattern that happens to cover an interpreter says nothing about it.
 * Of several rules for one path the first is asked; where that is refused, the next.
 */
export function findCircles(config: Config): ReadonlyMap<Rule, string> {
  const paths = pathsOf(config);
  const ours = new Set([...paths.values()].flatMap((some) => [...some]));
  const refused = new Map<Rule, string>();
  let left = config.rules.filter(({ path }) => ours.has(path));
  for (let round = 0;; round++) {
    const asked = new Map(left.toReversed().map((rule) => [rule.path, rule]));
    const circles = circlesAmong(paths, round < MAX_ROUNDS ? [...asked.values()] : left);
    if (circles.size === 0) return refused;
    for (const [rule, why] of circles) refused.set(rule, why);
    left = left.filter((rule) => !circles.has(rule));
  }
}

/** An interpreter's paths, for all machines and formats that it is made for. */
function pathsOf(config: Config): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = rowsOf(config);
  return new Map([...config.interpreters].map(([id, { path }]) => {
    const served = rows.filter((row) => isMadeFor(config, id, row));
    return [
      id,
      new Set(path.flatMap((text) => served.flatMap((row) => fillInRow(text, row) ?? []))),
    ];
  }));
}

function circlesAmong(
  paths: ReadonlyMap<string, ReadonlySet<string>>,
  rules: readonly Rule[],
): ReadonlyMap<Rule, string> {
  if (rules.length === 0) return new Map();
  const about = Map.groupBy(rules, ({ path }) => path);
  const edges: Edges = new Map<Node, readonly Node[]>([
    ...[...paths].map(([id, some]) =>
      [id, [...some].flatMap((path) => about.get(path) ?? [])] as const
    ),
    ...rules.map((rule) => [rule, rule.interpreter] as const),
  ]);
  const components = findComponents(edges);
  /** The next node of the circle, if this one is in any. */
  const next = <Next extends Node>(node: Node) =>
    edges.get(node)?.find((each) => components.get(each) === components.get(node)) as
      | Next
      | undefined;
  return new Map(rules.flatMap((rule) => {
    const to = next<string>(rule);
    if (to === undefined) return [];
    const why = `it would have ${rule.path} run by`;
    if (paths.get(to)!.has(rule.path)) return [[rule, `${why} itself`]];
    const further = next<Rule>(to)!;
    const back = next<string>(further)!;
    const end = paths.get(back)!.has(rule.path) ? "" : ", and so on in a circle";
    const name = keyName(["binaries", further.id]);
    return [[rule, `${why} ${to}, which [${name}] has run by ${back}${end}`]];
  }));
}
