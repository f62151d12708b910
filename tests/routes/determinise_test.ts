import { assert, assertEquals } from "@std/assert";
import { determinise, type Nfa } from "../../lib/routes/determinise.ts";
import { States } from "../../lib/routes/states.ts";
import { match } from "./match.ts";

const code = (letter: string) => letter.charCodeAt(0);

/** Any number of `a` or `b`, then `a`, then `n` of any of both. */
function lateChoice(n: number): Nfa {
  const [a, b] = [code("a"), code("b")];
  const edges: number[][] = [[]];
  for (let i = 1; i <= n; i++) edges.push([a, b, i - 1]);
  edges.push([a, b, n + 1, a, a, n]);
  return { edges, free: edges.map(() => []) };
}

Deno.test("determinise() gives the subsets of the automaton that are met", () => {
  const states = new States(100_000);
  const start = determinise(lateChoice(2), 3, 5, states);
  assert(start !== undefined);
  const matched = ["aab", "baaa", "abb", "bab", "aba", "a", ""].filter((text) =>
    match(states, start, text) === 5
  );
  assertEquals(matched, ["aab", "baaa", "abb", "aba"]);
  assertEquals(states.reachable(start).length, 8); // 2 ** (n + 1)
});

Deno.test("determinise() follows edges without a byte, also in a circle", () => {
  const states = new States(1000);
  const nfa: Nfa = { edges: [[], [code("x"), code("x"), 0], []], free: [[2], [2], [1]] };
  const start = determinise(nfa, 2, 1, states)!;
  assertEquals(["x", "xx", "", "y"].map((text) => match(states, start, text)), [1, 1, 0, 0]);
});

Deno.test("determinise() joins neighbouring bytes with the same target", () => {
  const states = new States(1000);
  const nfa: Nfa = { edges: [[], [1, 5, 0, 6, 9, 0, 3, 7, 0]], free: [[], []] };
  const start = determinise(nfa, 1, 1, states)!;
  assertEquals(states.edges(start), 1);
  assertEquals(states.range(start, 0), 1 | 9 << 8);
});

Deno.test("determinise() gives up where it would take too long, and says what that cost", () => {
  const states = new States(10_000_000);
  assertEquals(determinise(lateChoice(40), 41, 1, states), undefined);
  assert(states.budget < 10_000_000 - 400_000);
  const poor = new States(1000);
  assertEquals(determinise(lateChoice(8), 9, 1, poor), undefined);
});
