import { printable } from "../printable.ts";
import type { Table } from "./table.ts";

/** Lines; an automaton of many rules has more states than a person reads. */
const MAX_LINES = 500;

/** What an automaton is in numbers, and its states in words as far as they fit. */
export interface AutomatonDump {
  readonly states: number;
  readonly edges: number;
  readonly lines: readonly string[];
}

type Edge = ReturnType<Table["edges"]>[number];

/** A run of bytes, then the state that it leads to. */
interface Step {
  readonly text: string;
  readonly to: number;
}

/**
 * The automaton: one line for each way out of a state, and for a state's rule. States with one way
 * in and one out are left out: their bytes stand together.
 */
export function dumpAutomaton(table: Table): AutomatonDump {
  const start = table.header("dfa");
  const states = allStates(table, start);
  const ways_in = new Map<number, number>();
  let edges = 0;
  for (const state of states) {
    for (const { next } of table.edges(state)) {
      edges++;
      ways_in.set(next, (ways_in.get(next) ?? 0) + 1);
    }
  }
  const names = new Map([[start, "start"]]);
  const queue = start === 0 ? [] : [start];
  const lines: string[] = [];
  const nameOf = (state: number) => {
    const known = names.get(state);
    if (known !== undefined) return known;
    const name = `s${names.size}`;
    names.set(state, name);
    queue.push(state);
    return name;
  };
  for (let i = 0; i < queue.length && lines.length < MAX_LINES; i++) {
    const state = queue[i]!;
    const rule = table.ruleAt(state);
    const name = nameOf(state);
    if (rule !== 0) {
      lines.push(`${name}  ends here: rule ${rule} “${printable(table.rule(rule).name)}”`);
    }
    for (const { text, to } of ways(table, table.edges(state), ways_in)) {
      lines.push(`${name}  ${text}  → ${nameOf(to)}`);
    }
  }
  const left = lines.length >= MAX_LINES ? ["…"] : [];
  return { states: states.length, edges, lines: [...lines.slice(0, MAX_LINES), ...left] };
}

function allStates(table: Table, start: number): number[] {
  const found = new Set(start === 0 ? [] : [start]);
  for (const state of found) {
    if (table.damaged) break;
    for (const { next } of table.edges(state)) found.add(next);
  }
  return [...found];
}

/** Edges to the same state are one way; a way of one byte goes on while there is no other. */
function ways(table: Table, edges: readonly Edge[], ways_in: ReadonlyMap<number, number>): Step[] {
  const targets = new Map<number, Edge[]>();
  for (const edge of edges) targets.set(edge.next, [...targets.get(edge.next) ?? [], edge]);
  return [...targets].map(([to, [first, ...more]]) => {
    const single = more.length === 0 && first!.lo === first!.hi;
    return single ? follow(table, first!, ways_in) : { text: classWords([first!, ...more]), to };
  });
}

function follow(table: Table, first: Edge, ways_in: ReadonlyMap<number, number>): Step {
  const bytes = [first.lo];
  let to = first.next;
  while (ways_in.get(to) === 1 && table.ruleAt(to) === 0 && !table.damaged) {
    const [edge, another] = table.edges(to);
    if (edge === undefined || another !== undefined || edge.lo !== edge.hi) break;
    bytes.push(edge.lo);
    to = edge.next;
  }
  return { text: `“${printable(new Uint8Array(bytes))}”`, to };
}

function classWords(edges: readonly Edge[]): string {
  const byte = (value: number) => printable(new Uint8Array([value]));
  const ranges = edges.map(({ lo, hi }) => lo === hi ? byte(lo) : `${byte(lo)}-${byte(hi)}`);
  const all = edges.length === 1 && edges[0]!.lo === 0 && edges[0]!.hi === 255;
  return all ? "any byte" : `[${ranges.join("")}]`;
}
