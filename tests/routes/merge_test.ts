import { assert, assertEquals } from "@std/assert";
import { buildAutomaton } from "../../lib/routes/automaton.ts";
import { mergeStates } from "../../lib/routes/merge.ts";
import { States } from "../../lib/routes/states.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("mergeStates() finds equal ends", () => {
  const states = new States(10_000);
  const fork = states.allocate(0, 2);
  states.link(fork, 0, 0x6161, states.chain(bytes("same"), states.allocate(1, 0)));
  states.link(fork, 1, 0x6262, states.chain(bytes("same"), states.allocate(1, 0)));
  assertEquals(states.reachable(fork).length, 11);
  const merged = mergeStates(states, fork);
  assertEquals(merged.order.length, 6);
  assertEquals(merged.order[0], fork);
  const [left, right] = [states.next(fork, 0), states.next(fork, 1)];
  assertEquals(merged.representative(left), merged.representative(right));
});

Deno.test("mergeStates() keeps states of different rules apart", () => {
  const states = new States(10_000);
  const fork = states.allocate(0, 2);
  states.link(fork, 0, 0x6161, states.allocate(1, 0));
  states.link(fork, 1, 0x6262, states.allocate(2, 0));
  assertEquals(mergeStates(states, fork).order.length, 3);
});

Deno.test("mergeStates() merges loops, and what leads into them as they do themselves", () => {
  const states = new States(10_000);
  const [one, two] = [states.everything(1), states.everything(1)];
  const before = states.allocate(1, 1);
  states.link(before, 0, 0xff00, one);
  const fork = states.allocate(0, 2);
  states.link(fork, 0, 0x6161, before);
  states.link(fork, 1, 0x6262, two);
  assertEquals(mergeStates(states, fork).order.length, 2);
});

Deno.test("mergeStates() makes a folder's glob no larger for its own text", () => {
  const limit = { states: 1000, words: 10_000 };
  const { states, start } = buildAutomaton(["/opt/*/x"], limit);
  assert(mergeStates(states, start).order.length < states.reachable(start).length);
});

Deno.test("mergeStates() puts each state directly before the first that it leads to", () => {
  const states = new States(10_000);
  const fork = states.allocate(0, 2);
  const [left, right] = [1, 2].map((rule) => states.chain(bytes("ab"), states.allocate(rule, 0)));
  states.link(fork, 0, 0x6161, left!);
  states.link(fork, 1, 0x6262, right!);
  const { order } = mergeStates(states, fork);
  const steps = order.map((state) => states.edges(state) === 0 ? 0 : states.next(state, 0));
  assertEquals(order.slice(1, 4), steps.slice(0, 3));
  assertEquals(order.slice(5, 7), steps.slice(4, 6));
  assertEquals(order[4], right);
});

Deno.test("mergeStates() of nothing is nothing", () => {
  assertEquals(mergeStates(new States(10), 0).order, []);
});
