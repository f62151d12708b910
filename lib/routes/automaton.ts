import { compilePattern } from "./pattern.ts";
import { DEAD, type State, States } from "./states.ts";
import { type Size, union } from "./union.ts";

/** A pattern that the automaton does without. */
export interface Refused {
  /** Index into the patterns. */
  readonly index: number;
  /** Why, without a period. */
  readonly why: string;
}

/** One automaton for all patterns. */
export interface Automaton {
  readonly states: States;
  /** DEAD where no pattern is left. */
  readonly start: State;
  readonly refused: readonly Refused[];
}

/** What compiling may cost (States.budget), however hostile the patterns are: some seconds … */
const BUDGET = 24_000_000;
/** … and for each of the patterns' bytes; an exact path costs about half of it. */
const BUDGET_PER_BYTE = 16;

/** The automaton of neighbouring patterns; undefined where it alone would be too large. */
interface Part extends Size {
  readonly start: State | undefined;
  readonly index: number;
  readonly halves: readonly [Part, Part] | undefined;
}

/**
 * One automaton over the bytes of a path for all patterns, given in order of precedence: it ends in
 * the rule (index + 1) of the first that matches. The pattern with which it would pass the limit is
 * refused, the rest stay. In place of a pattern that is not to count stands undefined.
 *
 * Neighbours are united first, then pairs of neighbours and so on, because adding one by one would
 * walk through all of an automaton of `**` patterns each time. Only where a half does not fit its
 * patterns are added one by one; the result is the same, because an automaton never becomes smaller
 * by a pattern that yields to the others.
 */
export function buildAutomaton(
  patterns: readonly (string | undefined)[],
  limit: Size,
): Automaton {
  const bytes = patterns.reduce((sum, pattern) => sum + (pattern?.length ?? 0), 0);
  const states = new States(BUDGET + BUDGET_PER_BYTE * bytes);
  const refused: Refused[] = [];
  const nothing: Part = { start: DEAD, states: 0, words: 0, index: -1, halves: undefined };
  const build = (from: number, to: number): Part => {
    if (to - from === 1) {
      const { count, end } = states;
      const pattern = patterns[from];
      if (pattern === undefined) return { ...nothing, index: from };
      const compiled = compilePattern(pattern, from + 1, states);
      if ("refused" in compiled) {
        refused.push({ index: from, why: compiled.refused });
        return { ...nothing, index: from };
      }
      const size = { states: states.count - count, words: states.end - end };
      return part(
        states,
        { ...size, start: compiled.start, index: from, halves: undefined },
        limit,
      );
    }
    const middle = (from + to) >> 1;
    const left = build(from, middle);
    const right = build(middle, to);
    return unite(states, left, right, limit, [left, right]);
  };
  const add = (whole: Part, more: Part): Part => {
    const both = unite(states, whole, more, limit, undefined);
    if (both.start !== undefined) return both;
    if (more.halves !== undefined) return add(add(whole, more.halves[0]), more.halves[1]);
    const why = states.share < limit.words
      ? "with it compiling takes too long"
      : `with it the automaton would pass ${limit.states} states or ${4 * limit.words} bytes`;
    refused.push({ index: more.index, why });
    return whole;
  };
  const whole = patterns.length === 0 ? nothing : add(nothing, build(0, patterns.length));
  refused.sort((a, b) => a.index - b.index);
  return { states, start: whole.start ?? DEAD, refused };
}

function unite(
  states: States,
  a: Part,
  b: Part,
  limit: Size,
  halves: readonly [Part, Part] | undefined,
): Part {
  const { index } = a;
  const tooLarge = { start: undefined, states: 0, words: 0, index, halves };
  if (a.start === undefined || b.start === undefined) return tooLarge;
  if (a.start === DEAD) return { ...b, index, halves };
  if (b.start === DEAD) return { ...a, index, halves };
  const both = union(states, a.start, b.start, limit);
  if (both === undefined) return tooLarge;
  const size = { states: a.states + b.states + both.states, words: a.words + b.words + both.words };
  return part(states, { ...size, start: both.start, index, halves }, limit);
}

/** Its size is an upper bound; where that passes the limit, the states are counted. */
function part(states: States, bound: Part & { start: State }, limit: Size): Part {
  if (fits(bound, limit)) return bound;
  const found = states.reachable(bound.start);
  states.budget -= 4 * found.length;
  const words = found.reduce((sum, state) => sum + 2 + 2 * states.edges(state), 0);
  const counted = { ...bound, states: found.length, words };
  return fits(counted, limit) ? counted : { ...counted, start: undefined };
}

function fits(size: Size, limit: Size): boolean {
  return size.states <= limit.states && size.words <= limit.words;
}
