import type { Automaton } from "./automaton.ts";
import { EDGE, STATE } from "./format.ts";
import { mergeStates } from "./merge.ts";
import { DEAD } from "./states.ts";
import type { Writer } from "./writer.ts";

/** Writes the automaton's states; returns where its start stands, 0 where it matches nothing. */
export function writeAutomaton(out: Writer, { states, start }: Automaton): number {
  if (start === DEAD) return 0;
  const merged = mergeStates(states, start);
  const sizes = merged.order.map((state) => STATE.edges + EDGE.end * states.edges(state));
  const first = out.reserve(sizes.reduce((sum, size) => sum + size, 0));
  const places = new Uint32Array(states.end);
  let place = first;
  merged.order.forEach((state, i) => {
    places[state] = place;
    place += sizes[i]!;
  });
  for (const state of merged.order) {
    const at = places[state]!;
    out.set(at + STATE.rule, states.rule(state));
    out.set(at + STATE.n, states.edges(state));
    for (let i = 0; i < states.edges(state); i++) {
      const edge = at + STATE.edges + EDGE.end * i;
      out.set(edge + EDGE.range, states.range(state, i));
      out.set(edge + EDGE.next, places[merged.representative(states.next(state, i))]!);
    }
  }
  return first;
}
