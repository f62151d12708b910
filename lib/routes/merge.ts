import { DEAD, type State, type States } from "./states.ts";

/** An automaton's states as they are written: each once. */
export interface Merged {
  /**
   * The start first, and each directly before the first that it leads to: what a path goes through
   * stands together, in few pages.
   */
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
  const left = start === DEAD ? [] : [representative(start)];
  while (left.length > 0) {
    const state = left.pop()!;
    if (seen[state] === 1) continue;
    seen[state] = 1;
    order.push(state);
    for (let edge = states.edges(state) - 1; edge >= 0; edge--) {
      left.push(representative(states.next(state, edge)));
    }
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
