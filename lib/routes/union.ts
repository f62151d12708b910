import { DEAD, type State, type States } from "./states.ts";

/**
 * How large an automaton may become: states, and words in the table (a state's two, an edge's two).
 */
export interface Size {
  readonly states: number;
  readonly words: number;
}

/** A new automaton, and how much was added for it. */
export interface United extends Size {
  readonly start: State;
}

/**
 * Scratch space: what both states do with the bytes from lo to hi. At most one interval per byte.
 */
const LO = new Int32Array(256);
const HI = new Int32Array(256);
const LEFT = new Int32Array(256);
const RIGHT = new Int32Array(256);

/**
 * The automaton that knows the rules of both; all of the first come before those of the second, so
 * where both match, the first wins. What only one of them reaches is shared with it, not copied.
 * Undefined where more than `limit` or the share would be added; then nothing was.
 */
export function union(states: States, a: State, b: State, limit: Size): United | undefined {
  const before = states.end;
  const maxWords = Math.min(limit.words, states.share);
  const known = new Map<number, State>();
  const pending: number[] = [];
  let created = 0;
  let words = 0;
  const pair = (left: State, right: State): State => {
    if (left === DEAD || left === right) return right;
    if (right === DEAD) return left;
    // What matches everything hides what comes after it, but nothing that comes before it.
    if (states.isEverything(left)) return left;
    const key = left * 0x4000000 + right;
    const old = known.get(key);
    if (old !== undefined) return old;
    const rule = states.rule(left) || states.rule(right);
    const state = states.allocate(rule, overlay(states, left, right, false));
    known.set(key, state);
    pending.push(left, right, state);
    created++;
    return state;
  };
  const start = pair(a, b);
  while (pending.length > 0) {
    const state = pending.pop()!;
    const right = pending.pop()!;
    const n = overlay(states, pending.pop()!, right, true);
    const edges = link(states, state, n, pair);
    words += 2 + 2 * edges;
    if (created > limit.states || words > maxWords) {
      states.release(before);
      return undefined;
    }
  }
  return { start, states: created, words };
}

/**
 * Counts the intervals in which at least one of the states has an edge; `write`: into the scratch
 * space.
 */
function overlay(states: States, a: State, b: State, write: boolean): number {
  const { words } = states;
  const aEnd = a + 2 + 2 * words[a + 1]!;
  const bEnd = b + 2 + 2 * words[b + 1]!;
  let i = a + 2;
  let k = b + 2;
  let byte = 0;
  let n = 0;
  while (byte < 256) {
    while (i < aEnd && words[i]! >> 8 < byte) i += 2;
    while (k < bEnd && words[k]! >> 8 < byte) k += 2;
    const aLo = i < aEnd ? words[i]! & 0xff : 256;
    const bLo = k < bEnd ? words[k]! & 0xff : 256;
    const lo = Math.max(byte, Math.min(aLo, bLo));
    if (lo === 256) break;
    let hi = 255;
    hi = Math.min(hi, aLo <= lo ? words[i]! >> 8 : aLo - 1);
    hi = Math.min(hi, bLo <= lo ? words[k]! >> 8 : bLo - 1);
    if (write) {
      LO[n] = lo;
      HI[n] = hi;
      LEFT[n] = aLo <= lo ? words[i + 1]! : DEAD;
      RIGHT[n] = bLo <= lo ? words[k + 1]! : DEAD;
    }
    n++;
    byte = hi + 1;
  }
  return n;
}

/**
 * Gives a state its edges from the scratch space, neighbours with the same target as one; returns
 * how many.
 */
function link(
  states: States,
  state: State,
  n: number,
  pair: (left: State, right: State) => State,
): number {
  let edges = 0;
  for (let i = 0; i < n; i++) {
    const next = pair(LEFT[i]!, RIGHT[i]!);
    const last = edges === 0 ? 0 : states.range(state, edges - 1);
    if (edges > 0 && states.next(state, edges - 1) === next && last >> 8 === LO[i]! - 1) {
      states.link(state, edges - 1, last & 0xff | HI[i]! << 8, next);
    } else {
      states.link(state, edges++, LO[i]! | HI[i]! << 8, next);
    }
  }
  states.words[state + 1] = edges;
  return edges;
}
