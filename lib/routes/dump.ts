import { printable } from "../printable.ts";
import type { Result } from "../failure.ts";
import type { RefusedRule } from "./compile.ts";
import { dumpAutomaton } from "./dump_automaton.ts";
import { PROBE, TABLE_FLAG, WHEN } from "./format.ts";
import type { Kind } from "./kinds.ts";
import { Table, type TableCandidate } from "./table.ts";
import { templateWords } from "./template_words.ts";

/** Rules that are named one by one. */
const MAX_RULES = 1000;

/** The route table in words. A Failure means that it is damaged. */
export function dumpTable(table: Table, refused: readonly RefusedRule[] = []): Result<string> {
  const candidates = new Candidates(table);
  const lines = [
    ...dumpHeader(table),
    ...section("Sources", table.sources().map(printable)),
    ...section("Kinds of programs, the first that fits", dumpKinds(table)),
    ...section("Never handed on by muvm", table.neverForward().map(printable)),
    ...section("Paths", dumpPaths(table)),
    ...section("Rules, the lowest number wins", dumpRules(table, candidates)),
    ...section("Interpreters by ID", dumpIds(table, candidates)),
    ...section("Candidates", candidates.lines()),
    ...section("Refused", refused.map(({ id, path, why }) => printable(`${id} “${path}”: ${why}`))),
  ];
  return table.settle(`${lines.join("\n")}\n`);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function dumpHeader(table: Table): string[] {
  const key = table.key();
  const kept = (table.header("flags") & TABLE_FLAG.KEEP) !== 0;
  return [
    `Route table, format ${table.header("version")}, ${table.size} bytes`,
    key === undefined ? "For everybody" : `For who has “${printable(key)}”`,
    kept ? "Kept while its sources stay as they are" : "Used once: a layer could not be read",
    `Pages that fit have ${table.header("page_size")} bytes`,
  ];
}

function dumpKinds(table: Table): string[] {
  return table.kinds().map((kind) => `${printable(table.rowName(kind.row))}: ${sign(table, kind)}`);
}

function sign(table: Table, { extension, offset, magic, mask, probe, clr_row }: Kind): string {
  if (extension !== undefined) return `files named *.${printable(extension)}`;
  const hex = (bytes: Uint8Array) =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const masked = mask.every((byte) => byte === 0xff) ? "" : ` under the mask ${hex(mask)}`;
  const clr = probe === PROBE.CLR ? `; with a CLR header ${printable(table.rowName(clr_row))}` : "";
  return `${hex(magic)} at byte ${offset}${masked}${clr}`;
}

function dumpPaths(table: Table): string[] {
  if (table.header("dfa") === 0) return ["no rule has any"];
  const { states, edges, lines } = dumpAutomaton(table);
  const home = (table.header("flags") & TABLE_FLAG.HOME_RULES) !== 0
    ? ["“~” stands for the home folder"]
    : [];
  return [`${states} states, ${edges} edges`, ...home, ...lines];
}

/** Rules with the same choice stand together. */
function dumpRules(table: Table, candidates: Candidates): string[] {
  const choices = new Map<number, string[]>();
  const n = Math.min(table.header("n_rules"), MAX_RULES + 1);
  for (let i = 0; i < n && !table.damaged; i++) {
    const { choice, name } = table.rule(i);
    const words = i === 0 ? "no rule" : `${i} “${printable(name)}”`;
    choices.set(choice, [...choices.get(choice) ?? [], words]);
  }
  const left = table.header("n_rules") - n;
  return [
    ...[...choices].flatMap(([choice, names]) => [
      names.join(", "),
      ...dumpRows(table, (row) => table.list(choice, row), candidates),
    ]),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
}

function dumpIds(table: Table, candidates: Candidates): string[] {
  return table.ids(0).flatMap(({ id }, i) => [
    printable(id),
    ...dumpRows(table, (row) => table.ids(row)[i]?.list ?? 0, candidates),
  ]);
}

/** Each list with the rows that have it; rows without candidates are left out. */
function dumpRows(table: Table, listOf: (row: number) => number, candidates: Candidates) {
  const rows = new Map<number, string[]>();
  for (let row = 0; row < table.header("rows") && !table.damaged; row++) {
    const list = listOf(row);
    if (list !== 0) rows.set(list, [...rows.get(list) ?? [], printable(table.rowName(row))]);
  }
  return [...rows].map(([list, names]) =>
    `  ${names.join(", ")}: ${table.candidates(list).map((at) => candidates.name(at)).join(" ")}`
  );
}

/** Candidates get numbers as they are met. */
class Candidates {
  readonly #table: Table;
  readonly #names = new Map<number, string>();

  constructor(table: Table) {
    this.#table = table;
  }

  name(at: number): string {
    const name = this.#names.get(at) ?? `c${this.#names.size + 1}`;
    this.#names.set(at, name);
    return name;
  }

  lines(): string[] {
    return [...this.#names].flatMap(([at, name]) =>
      this.#table.damaged ? [] : describe(name, this.#table.candidate(at))
    );
  }
}

function describe(name: string, candidate: TableCandidate): string[] {
  const group = (paths: readonly Uint8Array[]) => paths.map(templateWords).join(" or ");
  const conditions = [
    [WHEN.STATIC, "static programs only"],
    [WHEN.DYNAMIC, "dynamic programs only"],
    [WHEN.PAGES_FIT, "where pages fit"],
    [WHEN.PAGES_DIFFER, "where pages differ"],
  ] as const;
  const when = conditions.filter(([bit]) => (candidate.when & bit) !== 0).map(([, words]) => words);
  const head = [`${printable(candidate.name)} (${printable(candidate.id)})`, ...when].join(", ");
  return [
    `${name}  ${head}`,
    `    needs ${candidate.needs.map(group).join("; ")}`,
    ...(candidate.sysroots.length === 0
      ? []
      : [`    finds loaders below ${candidate.sysroots.map(printable).join(", ")}`]),
    `    starts ${candidate.argv.map(templateWords).join(" ")}`,
    ...(candidate.env.length === 0
      ? []
      : [`    with ${candidate.env.map(templateWords).join(" ")}`]),
    ...(candidate.install === undefined ? [] : [`    comes by ${printable(candidate.install)}`]),
  ];
}
