import type { State, States } from "./states.ts";

/**
 * A nondeterministic automaton: its state 0 accepts; edges are `lo, hi, next` one after another.
 */
export interface Nfa {
  readonly edges: number[][];
  readonly free: number[][];
}

/** Steps that one pattern may take; a common one takes some thousands. */
const MAX_STEPS = 500_000;

interface Draft {
  readonly accepts: boolean;
  /** `lo | hi << 8`, index of the next draft, one after another. */
  readonly edges: number[];
}

/** The subset construction; undefined where it would take too many steps. */
export function determinise(nfa: Nfa, start: number, rule: number, states: States) {
  const numbers = new Map<string, number>();
  const sets: number[][] = [];
  const drafts: Draft[] = [];
  const numberOf = (set: number[]) => {
    const key = set.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, sets.length);
    return sets.push(set) - 1;
  };
  numberOf(closure(nfa, [start]));
  const limit = Math.min(MAX_STEPS, states.share);
  let steps = 0;
  for (let i = 0; i < sets.length; i++) {
    const set = sets[i]!;
    const cuts = cutsOf(nfa, set);
    steps += (cuts.length + 1) * (set.length + 1);
    states.budget -= (cuts.length + 1) * (set.length + 1);
    if (steps > limit) return undefined;
    const edges: number[] = [];
    cuts.forEach((lo, k) => {
      const targets = targetsOf(nfa, set, lo);
      if (targets.length === 0) return;
      const next = numberOf(closure(nfa, targets));
      const hi = (cuts[k + 1] ?? 256) - 1;
      const last = edges.at(-2) ?? 0;
      if (edges.at(-1) === next && last >> 8 === lo - 1) {
        edges[edges.length - 2] = last & 0xff | hi << 8;
      } else {
        edges.push(lo | hi << 8, next);
      }
    });
    drafts.push({ accepts: set[0] === 0, edges });
  }
  return store(drafts, rule, states);
}

/** All states that can be reached without a byte, sorted. */
function closure(nfa: Nfa, from: readonly number[]): number[] {
  const found = new Set(from);
  for (const state of found) {
    for (const next of nfa.free[state] ?? []) found.add(next);
  }
  return [...found].sort((a, b) => a - b);
}

/** The bytes at which what happens may change, sorted. */
function cutsOf(nfa: Nfa, set: readonly number[]): number[] {
  const cuts = new Set<number>();
  for (const state of set) {
    const edges = nfa.edges[state] ?? [];
    for (let i = 0; i < edges.length; i += 3) cuts.add(edges[i]!).add(edges[i + 1]! + 1);
  }
  cuts.delete(256);
  return [...cuts].sort((a, b) => a - b);
}

function targetsOf(nfa: Nfa, set: readonly number[], byte: number): number[] {
  const targets: number[] = [];
  for (const state of set) {
    const edges = nfa.edges[state] ?? [];
    for (let i = 0; i < edges.length; i += 3) {
      if (edges[i]! <= byte && byte <= edges[i + 1]!) targets.push(edges[i + 2]!);
    }
  }
  return targets;
}

function store(drafts: readonly Draft[], rule: number, states: States): State {
  const places = drafts.map((draft) =>
    states.allocate(draft.accepts ? rule : 0, draft.edges.length / 2)
  );
  drafts.forEach(({ edges }, i) => {
    for (let edge = 0; edge < edges.length / 2; edge++) {
      states.link(places[i]!, edge, edges[2 * edge]!, places[edges[2 * edge + 1]!]!);
    }
  });
  return places[0]!;
}
