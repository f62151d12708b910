import { DEAD, type State, type States } from "./states.ts";

/** An automaton's states as they are written: each once. */
export interface Merged {
  /** The start first, the others in the order in which they are met. */
  readonly order: readonly State[];
  /** The state that stands for a state. */
  representative(state: State): State;
}

/**
 * Finds states that cannot be told apart: the same rule and the same edges to the same states. They
 * are looked at from the ends to the start, so that what leads to equal states is found equal too;
 * only in loops of more than one state a few stay double.
 */
export function mergeStates(states: States, start: State): Merged {
  const standsFor = new Int32Array(states.end);
  const known = new Map<string, State>();
  const keyOf = (state: State, self: State | string) => {
    let key = `${states.rule(state)}`;
    for (let edge = 0; edge < states.edges(state); edge++) {
      const next = states.next(state, edge);
      key += ` ${states.range(state, edge)} ${next === state ? self : standsFor[next] || next}`;
    }
    return key;
  };
  for (const state of childrenFirst(states, start)) {
    const key = keyOf(state, "self");
    const first = known.get(key) ?? state;
    standsFor[state] = first;
    known.set(key, first);
    // A state that leads to a loop as the loop's own state does is that state.
    if (key.includes("self")) known.set(keyOf(state, first), first);
  }
  const representative = (state: State) => standsFor[state]!;
  const seen = new Uint8Array(states.end);
  const order: State[] = [];
  const meet = (state: State) => {
    const first = representative(state);
    if (seen[first] === 1) return;
    seen[first] = 1;
    order.push(first);
  };
  if (start !== DEAD) meet(start);
  for (let i = 0; i < order.length; i++) {
    const state = order[i]!;
    for (let edge = 0; edge < states.edges(state); edge++) meet(states.next(state, edge));
  }
  return { order, representative };
}

/** All states, each after those it leads to (where that is not in a loop). */
function childrenFirst(states: States, start: State): State[] {
  if (start === DEAD) return [];
  const order: State[] = [];
  const edge = new Int32Array(states.end).fill(-1);
  const path = [start];
  edge[start] = 0;
  while (path.length > 0) {
    const state = path.at(-1)!;
    const i = edge[state]!;
    if (i === states.edges(state)) {
      order.push(state);
      path.pop();
      continue;
    }
    edge[state] = i + 1;
    const next = states.next(state, i);
    if (edge[next] !== -1) continue;
    edge[next] = 0;
    path.push(next);
  }
  return order;
}
