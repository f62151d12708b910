/** Asks an automaton that is not written yet. */
import type { State, States } from "../../lib/routes/states.ts";

/** The rule of the state that a path leads to; 0 for none. */
export function match(states: States, start: State, path: string): number {
  let state = start;
  for (const byte of new TextEncoder().encode(path)) {
    let next = 0;
    for (let edge = 0; edge < states.edges(state); edge++) {
      const range = states.range(state, edge);
      if ((range & 0xff) <= byte && byte <= range >> 8) next = states.next(state, edge);
    }
    state = next;
  }
  return states.rule(state);
}
