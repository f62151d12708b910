import { determinise, type Nfa } from "./determinise.ts";
import { type Glob, readGlob } from "./glob.ts";
import { DEAD, type State, type States } from "./states.ts";
import { union } from "./union.ts";

const SLASH = 0x2f;
/** Braces in braces. */
const MAX_DEPTH = 16;
const NO_LIMIT = { states: Infinity, words: Infinity };

/** A pattern's automaton, or why there is none. */
export type Compiled = { readonly start: State } | { readonly refused: string };

/**
 * The automaton of one rule's path: exact, a folder (ends in `/`: everything below) or a glob. `?`
 * and `[…]` match one byte and `*` any number of bytes, but never `/`; `**` any bytes; `/**` + `/`
 * also a single `/`; `{a,b}` either. A glob also matches itself as it is written. A path begins
 * with `/` and matches absolute paths only, or with `~/` and matches only what the question below
 * the home folder asks; what begins with `*` counts as beginning with `/`.
 */
export function compilePattern(text: string, rule: number, states: States): Compiled {
  if (!/^(\/|~\/|\*)/.test(text)) {
    return { refused: "it begins with neither “/”, “~/” nor “*”" };
  }
  const bytes = new TextEncoder().encode(text);
  const glob = readGlob(bytes);
  const folder = bytes.at(-1) === SLASH;
  const end = folder ? states.everything(rule) : states.allocate(rule, 0);
  const itself = states.chain(bytes, end);
  const special = glob.tokens.findIndex((token) => typeof token !== "number");
  if (special < 0 || special === bytes.length) return { start: itself };
  if (glob.depth > MAX_DEPTH) return { refused: `its braces are more than ${MAX_DEPTH} deep` };
  // The last byte of what comes first verbatim stays with the rest, which may need to see its `/`.
  const verbatim = Math.max(0, special - 1);
  const nfa: Nfa = { edges: [[]], free: [[]] };
  const first = fragment(nfa, glob, verbatim, glob.tokens.length, 0);
  if (first < 0) return { start: itself };
  const rest = determinise(nfa, first, rule, states);
  if (rest === undefined) return { refused: "it has too many readings" };
  const start = special === 0 ? onlySlash(rest, states) : rest;
  const found = states.chain(bytes.subarray(0, verbatim), start);
  const both = union(states, found, itself, NO_LIMIT);
  return both === undefined ? { refused: "it has too many readings" } : { start: both.start };
}

/** Without all edges of the start but that for `/`: no path begins with anything else. */
function onlySlash(start: State, states: States): State {
  for (let edge = 0; edge < states.edges(start); edge++) {
    const range = states.range(start, edge);
    if ((range & 0xff) <= SLASH && SLASH <= range >> 8) {
      return states.chain([SLASH], states.next(start, edge));
    }
  }
  return DEAD;
}

function add(nfa: Nfa, edges: number[], free: number[] = []): number {
  nfa.free.push(free);
  return nfa.edges.push(edges) - 1;
}

/** Adds the tokens from..to, then `next`, from the end to the start; -1 where nothing can match. */
function fragment(nfa: Nfa, glob: Glob, from: number, to: number, next: number): number {
  const { tokens, braces } = glob;
  let state = next;
  for (let i = to - 1; i >= from && state >= 0; i--) {
    const token = tokens[i]!;
    if (token === SLASH && i - 2 >= from && tokens[i - 1] === "**" && tokens[i - 2] === SLASH) {
      state = folders(nfa, state);
      i -= 1;
    } else if (typeof token === "number") {
      state = add(nfa, [token, token, state]);
    } else if (typeof token === "object") {
      const { ranges } = token;
      const edges = ranges.flatMap((lo, k) => k % 2 === 0 ? [lo, ranges[k + 1]!, state] : []);
      state = edges.length === 0 ? -1 : add(nfa, edges);
    } else if (token === "}") {
      const { open, commas } = braces.get(i)!;
      const cuts = [open, ...commas, i];
      const starts = commas.concat(i).map((end, k) =>
        fragment(nfa, glob, cuts[k]! + 1, end, state)
      );
      const alive = starts.filter((start) => start >= 0);
      state = alive.length === 0 ? -1 : add(nfa, [], alive);
      i = open;
    } else {
      state = repeat(nfa, token === "**", state);
    }
  }
  return state;
}

/** Any number of bytes, then `next`. */
function repeat(nfa: Nfa, slashToo: boolean, next: number): number {
  const state = nfa.edges.length;
  const edges = slashToo ? [0, 255, state] : [0, SLASH - 1, state, SLASH + 1, 255, state];
  return add(nfa, edges, [next]);
}

/** The rest of `/**` + `/` behind its first slash: nothing, or anything up to a slash. */
function folders(nfa: Nfa, next: number): number {
  const slash = add(nfa, [SLASH, SLASH, next]);
  return add(nfa, [], [next, repeat(nfa, true, slash)]);
}
