import { assert, assertEquals } from "@std/assert";
import { DEAD, States } from "../../lib/routes/states.ts";
import { match } from "./match.ts";

Deno.test("a chain matches its bytes and nothing else", () => {
  const states = new States(1000);
  const start = states.chain([0x2f, 0xc3, 0xa9], states.allocate(7, 0));
  assertEquals(match(states, start, "/é"), 7);
  assertEquals(["/", "/é/", "/e", ""].map((path) => match(states, start, path)), [0, 0, 0, 0]);
  assertEquals(states.reachable(start).length, 4);
});

Deno.test("everything() stays where it is for any byte", () => {
  const states = new States(1000);
  const state = states.everything(3);
  assert(states.isEverything(state));
  assert(!states.isEverything(states.chain([1], state)));
  assertEquals(match(states, state, "/any/\x00\x7f"), 3);
});

Deno.test("a store grows, keeps what it holds and counts what it cost", () => {
  const states = new States(1_000_000);
  const path = "/x".repeat(20_000);
  const start = states.chain(new TextEncoder().encode(path), states.allocate(1, 0));
  assertEquals(match(states, start, path), 1);
  assertEquals(states.count, path.length + 1);
  assertEquals(states.budget, 1_000_000 - 4 * path.length - 2);
});

Deno.test("release() forgets the states since then, and reachable() knows the dead state", () => {
  const states = new States(1000);
  const { end } = states;
  const first = states.allocate(1, 0);
  states.release(end);
  assertEquals(states.allocate(2, 0), first);
  assertEquals(states.reachable(DEAD), []);
});
