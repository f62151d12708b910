import { printable } from "../printable.ts";
import type { Result } from "../failure.ts";
import type { RefusedRule } from "./compile.ts";
import { isByLinks, PROBE, ruleOf, TABLE_FLAG, WHEN } from "./format.ts";
import { globWords } from "./glob_words.ts";
import type { Kind } from "./kinds.ts";
import { Table, type TableCandidate } from "./table.ts";
import { templateWords } from "./template_words.ts";

/** How many rules and paths are listed one by one. */
const MAX_RULES = 1000;

/** The route table as text. A Failure means that it is damaged. */
export function dumpTable(table: Table, refused: readonly RefusedRule[] = []): Result<string> {
  const candidates = new Candidates(table);
  const lines = [
    ...dumpHeader(table),
    ...section("Sources", table.sources().map(printable)),
    ...section("Links in rule paths", dumpLinks(table)),
    ...section("Program formats, the first match wins", dumpKinds(table)),
    ...section("Never forwarded by muvm", table.neverForward().map(printable)),
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
    key === undefined ? "For all users" : `For the user with the layer “${printable(key)}”`,
    kept ? "Kept until a source changes" : "Used once: a layer could not be read",
    `Page size of muvm: ${table.header("page_size")} bytes`,
  ];
}

function dumpKinds(table: Table): string[] {
  return table.kinds().map((kind) =>
    `${printable(table.targetName(kind.target))}: ${sign(table, kind)}`
  );
}

function sign(table: Table, { extension, offset, magic, mask, probe, clr_target }: Kind): string {
  if (extension !== undefined) return `files named *.${printable(extension)}`;
  const hex = (bytes: Uint8Array) =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const masked = mask.every((byte) => byte === 0xff) ? "" : ` under the mask ${hex(mask)}`;
  const clr = probe === PROBE.CLR
    ? `; with a CLR header ${printable(table.targetName(clr_target))}`
    : "";
  return `${hex(magic)} at byte ${offset}${masked}${clr}`;
}

/** By rule, in the order in which they win if more than one matches. */
function dumpPaths(table: Table): string[] {
  const all = [
    ...table.paths().map(({ rank, bytes }) => ({ rank, words: printable(bytes) })),
    ...table.globs().map(({ rank, bytes }) => ({ rank, words: globWords(bytes) })),
    ...table.homes().map(({ rank, part, bytes }) => (
      { rank, words: `where ~${printable(part)} leads, then “${globWords(bytes)}”` }
    )),
  ].sort((a, b) => a.rank - b.rank);
  if (all.length === 0) return ["no rule has any"];
  const home = (table.header("flags") & TABLE_FLAG.HOME_RULES) !== 0
    ? ["“~” stands for the home directory"]
    : [];
  const left = all.length - MAX_RULES;
  return [
    ...home,
    ...all.slice(0, MAX_RULES).map(({ rank, words }) => `${words}  rule ${ruleWords(rank)}`),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
}

function ruleWords(rank: number): string {
  return `${ruleOf(rank)}${isByLinks(rank) ? ", through links" : ""}`;
}

function dumpLinks(table: Table): string[] {
  return table.links().map(({ path, target }) => `${printable(path)} → ${printable(target)}`);
}

/** Groups rules that have the same choice. */
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
      ...dumpTargets(table, (target) => table.list(choice, target), candidates),
    ]),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
}

function dumpIds(table: Table, candidates: Candidates): string[] {
  return table.ids(0).flatMap(({ id }, i) => [
    printable(id),
    ...dumpTargets(table, (target) => table.ids(target)[i]?.list ?? 0, candidates),
  ]);
}

/** Each list with the targets that use it; targets without candidates are left out. */
function dumpTargets(table: Table, listOf: (target: number) => number, candidates: Candidates) {
  const targets = new Map<number, string[]>();
  for (let target = 0; target < table.header("targets") && !table.damaged; target++) {
    const list = listOf(target);
    if (list !== 0) {
      targets.set(list, [...targets.get(list) ?? [], printable(table.targetName(target))]);
    }
  }
  return [...targets].map(([list, names]) =>
    `  ${names.join(", ")}: ${table.candidates(list).map((at) => candidates.name(at)).join(" ")}`
  );
}

/** Numbers candidates in the order in which they appear. */
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
  const { requirements } = candidate;
  const always = requirements.slice(0, Math.max(0, requirements.length - candidate.dynamic));
  const dynamic = requirements.slice(always.length);
  const conditions = [
    [WHEN.STATIC, "static programs only"],
    [WHEN.DYNAMIC, "dynamic programs only"],
    [WHEN.PAGES_FIT, "if the page size fits"],
    [WHEN.PAGES_DIFFER, "if the page size differs"],
  ] as const;
  const when = conditions.filter(([bit]) => (candidate.when & bit) !== 0).map(([, words]) => words);
  const head = [`${printable(candidate.name)} (${printable(candidate.id)})`, ...when].join(", ");
  return [
    `${name}  ${head}`,
    `    needs ${always.map(group).join("; ")}`,
    ...(dynamic.length === 0
      ? []
      : [`    for dynamic programs also ${dynamic.map(group).join("; ")}`]),
    ...(candidate.sysroots.length === 0
      ? []
      : [`    looks for loaders below ${candidate.sysroots.map(printable).join(", ")}`]),
    `    starts ${candidate.argv.map(templateWords).join(" ")}`,
    ...(candidate.env.length === 0
      ? []
      : [`    with ${candidate.env.map(templateWords).join(" ")}`]),
    ...(candidate.install === undefined ? [] : [`    to install: ${printable(candidate.install)}`]),
  ];
}
