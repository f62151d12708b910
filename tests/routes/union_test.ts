import { assert, assertEquals } from "@std/assert";
import { DEAD, type State, States } from "../../lib/routes/states.ts";
import { union } from "../../lib/routes/union.ts";
import { match } from "./match.ts";

const NO_LIMIT = { states: Infinity, words: Infinity };
const bytes = (text: string) => new TextEncoder().encode(text);
const exact = (states: States, text: string, rule: number) =>
  states.chain(bytes(text), states.allocate(rule, 0));
const folder = (states: States, text: string, rule: number) =>
  states.chain(bytes(text), states.everything(rule));

Deno.test("union() knows the rules of both, and the first one's win", () => {
  const states = new States(10_000);
  const paths = ["/a/b", "/a/c", "/a/bb", "/a/", "/a", "/b"];
  const rulesOf = (a: State, b: State) => {
    const { start } = union(states, a, b, NO_LIMIT)!;
    return paths.map((path) => match(states, start, path));
  };
  const before = rulesOf(exact(states, "/a/b", 1), folder(states, "/a/", 2));
  assertEquals(before, [1, 2, 2, 2, 0, 0]);
  const after = rulesOf(folder(states, "/a/", 1), exact(states, "/a/b", 2));
  assertEquals(after, [1, 1, 1, 1, 0, 0]);
});

Deno.test("union() adds only what both reach", () => {
  const states = new States(10_000);
  const a = exact(states, "/usr/bin/a", 1);
  const b = exact(states, "/usr/lib/b", 2);
  const before = states.reachable(a).length + states.reachable(b).length;
  const both = union(states, a, b, NO_LIMIT)!;
  assertEquals(both.states, "/usr/".length + 1);
  assertEquals(states.reachable(both.start).length, before - both.states);
});

Deno.test("union() shares everything with a rule that yields below a winning folder", () => {
  const states = new States(10_000);
  const all = states.everything(1);
  assertEquals(union(states, all, folder(states, "/a/", 2), NO_LIMIT)!.start, all);
  assertEquals(union(states, DEAD, all, NO_LIMIT)!.start, all);
  assertEquals(union(states, all, DEAD, NO_LIMIT)!.start, all);
});

Deno.test("union() ends where both go round in circles", () => {
  const states = new States(10_000);
  const loop = (range: [number, number], rule: number) => {
    const one = states.allocate(0, 1);
    const two = states.allocate(rule, 1);
    states.link(one, 0, range[0] | range[1] << 8, two);
    states.link(two, 0, range[0] | range[1] << 8, one);
    return one;
  };
  const { start } = union(states, loop([0x61, 0x63], 1), loop([0x62, 0x64], 2), NO_LIMIT)!;
  const rules = ["a", "bbb", "ddd", "ad", "bdb"].map((path) => match(states, start, path));
  assertEquals(rules, [1, 1, 2, 0, 2]);
});

Deno.test("union() adds nothing where it would add more than the limit", () => {
  const states = new States(10_000);
  const a = exact(states, "/usr/bin/a", 1);
  const b = exact(states, "/usr/bin/b", 2);
  const { end } = states;
  assertEquals(union(states, a, b, { states: 5, words: Infinity }), undefined);
  assertEquals(union(states, a, b, { states: Infinity, words: 20 }), undefined);
  assertEquals(states.end, end);
  assert(union(states, a, b, { states: 10, words: 42 }) !== undefined);
});
