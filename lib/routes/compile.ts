import type { Config, Effective } from "../config/config.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { buildAutomaton } from "./automaton.ts";
import { candidatesOf, type Draft } from "./candidates.ts";
import { findCircles } from "./circles.ts";
import { chooseInterpreters, isMadeFor, linkageBits } from "./choose.ts";
import {
  CANDIDATE,
  FORMAT_VERSION,
  HEADER,
  ID,
  KIND,
  MAGIC,
  MAX_TABLE_SIZE,
  RULE,
  SOURCE,
  TABLE_FLAG,
} from "./format.ts";
import { kindsOf } from "./kinds.ts";
import { type Row, rowsOf } from "./rows.ts";
import { writeAutomaton } from "./write_automaton.ts";
import { Writer } from "./writer.ts";

/** States of the automaton over all rules' paths. */
const MAX_STATES = 1_000_000;
const ENCODED_MAGIC = new TextEncoder().encode(MAGIC);
/** The magic once more, and what aligns it. */
const TRAILER_ROOM = 16;

const TOO_LARGE: Failure = {
  code: "config",
  what: "compile the routes",
  why: `they would take more than ${MAX_TABLE_SIZE} bytes`,
  hint: "Use fewer rules and interpreters, or shorter names and paths.",
};

/** A rule that the table does without: its entry, its path, and why, without a period. */
export interface RefusedRule {
  readonly id: string;
  readonly path: string;
  readonly why: string;
}

export interface CompiledRoutes {
  readonly table: Uint8Array;
  readonly refused: readonly RefusedRule[];
}

export interface CompileOptions {
  /** The user's configuration file that the table is made for; none for a system table. */
  readonly key?: string;
  /** What the handler says once, on a terminal, when this table was made. */
  readonly notice?: string;
  /** Words that install what a candidate for a row's programs needs, where they are known. */
  readonly installWords?: (candidate: Draft, row: Row) => string | undefined;
}

type Named = Pick<Config["rules"][number], "id" | "interpreter">;

const NO_RULE: Named = { id: "", interpreter: [] };

/** Compiles the effective configuration to the route table that format.ts describes. */
export function compileRoutes(
  effective: Effective,
  options: CompileOptions = {},
): Result<CompiledRoutes> {
  const { config } = effective;
  const out = new Writer();
  const rows = rowsOf(config);
  const header = out.reserve(HEADER.end);
  const set = (field: keyof typeof HEADER, value: number) => out.set(header + HEADER[field], value);
  out.setBytes(header + HEADER.magic, ENCODED_MAGIC);
  set("version", FORMAT_VERSION);
  set("page_size", config.muvm.page_size);
  set("rows", rows.length);
  if (options.key !== undefined) set("key", out.string(options.key));
  set("n_sources", effective.sources.length);
  set("sources", writeSources(out, effective));
  const kinds = kindsOf(config, rows);
  set("n_kinds", kinds.length);
  set("kinds", writeKinds(out, kinds));
  set("never_forward", out.section(config.muvm.never_forward.map((name) => out.string(name))));
  set("n_never_forward", config.muvm.never_forward.length);
  set("notice", options.notice === undefined ? 0 : out.string(options.notice));
  set("row_names", out.section(rows.map((row) => out.string(row.name))));

  const lists = new Lists(out, config, rows, options.installWords ?? (() => undefined));
  const rules = [NO_RULE, ...config.rules];
  const { numbers, choices } = lists.choices(rules);
  set("n_choices", choices.length / rows.length);
  set("choices", out.section(choices));
  set("n_ids", config.interpreters.size);
  set("ids", lists.ids());

  // The automaton stands before the rules: its start is looked at each time, as all above is.
  const room = MAX_TABLE_SIZE - out.size - roomFor(rules) - TRAILER_ROOM;
  if (out.full || room < 0) return failed(TOO_LARGE);
  const limit = { states: MAX_STATES, words: room >> 2 };
  const circles = findCircles(config);
  const paths = config.rules.map((rule) => circles.has(rule) ? undefined : rule.path);
  const automaton = buildAutomaton(paths, limit);
  set("dfa", writeAutomaton(out, automaton));
  set("n_rules", rules.length);
  set("rules", writeRules(out, rules, numbers));
  const homeRules = config.rules.some((rule) => rule.path.startsWith("~/"));
  set(
    "flags",
    (effective.whole ? TABLE_FLAG.KEEP : 0) | (homeRules ? TABLE_FLAG.HOME_RULES : 0),
  );
  out.setBytes(out.reserve(MAGIC.length), ENCODED_MAGIC);
  set("size", out.size);
  const whys = new Map(automaton.refused.map(({ index, why }) => [config.rules[index]!, why]));
  const refused = config.rules.flatMap((rule) => {
    const why = circles.get(rule) ?? whys.get(rule);
    return why === undefined ? [] : [{ id: rule.id, path: rule.path, why }];
  });
  return success({ table: out.finish(), refused });
}

/** Bytes that the rules take at most: entries, and names in UTF-8 with a zero byte, aligned. */
function roomFor(rules: readonly Named[]): number {
  return rules.reduce((sum, { id }) => sum + RULE.end + 3 * id.length + 4, 0);
}

function writeRules(out: Writer, rules: readonly Named[], choices: readonly number[]): number {
  return out.section(rules.flatMap(({ id }, i) => {
    const entry: number[] = [];
    entry[RULE.choice / 4] = choices[i]!;
    entry[RULE.name / 4] = out.string(id);
    return entry;
  }));
}

/** The handler fills the identities in; until then one tells whether the source was there. */
function writeSources(out: Writer, { sources, present }: Effective): number {
  const strings = sources.map((path) => out.string(path));
  const at = out.reserve(SOURCE.end * sources.length);
  strings.forEach((string, i) => {
    out.set(at + SOURCE.end * i + SOURCE.path, string);
    out.set(at + SOURCE.end * i + SOURCE.exists, present.has(sources[i]!) ? 1 : 0);
  });
  return at;
}

function writeKinds(out: Writer, kinds: ReturnType<typeof kindsOf>): number {
  return out.section(kinds.flatMap((kind) => {
    const fields: number[] = [];
    fields[KIND.extension / 4] = kind.extension === undefined ? 0 : out.string(kind.extension);
    fields[KIND.offset / 4] = kind.offset;
    fields[KIND.size / 4] = kind.magic.length;
    fields[KIND.magic / 4] = out.bytes(kind.magic);
    fields[KIND.mask / 4] = out.bytes(kind.mask);
    fields[KIND.probe / 4] = kind.probe;
    fields[KIND.row / 4] = kind.row;
    fields[KIND.clr_row / 4] = kind.clr_row;
    return fields;
  }));
}

/** Writes candidates and lists of them, each once. */
class Lists {
  readonly #out: Writer;
  readonly #config: Config;
  readonly #rows: readonly Row[];
  readonly #candidates = new Map<string, number[]>();
  readonly #words: NonNullable<CompileOptions["installWords"]>;

  constructor(
    out: Writer,
    config: Config,
    rows: readonly Row[],
    words: NonNullable<CompileOptions["installWords"]>,
  ) {
    this.#out = out;
    this.#config = config;
    this.#rows = rows;
    this.#words = words;
  }

  /** For each rule the number of its choice, and the choices' lists one after another. */
  choices(rules: readonly Named[]): { numbers: number[]; choices: number[] } {
    const choices: number[] = [];
    const known = new Map<string, number>();
    const numbers = rules.map(({ interpreter }) => {
      const key = JSON.stringify(interpreter);
      const number = known.get(key) ?? choices.length / this.#rows.length;
      if (known.has(key) || this.#out.full) return number;
      known.set(key, number);
      for (const row of this.#rows) {
        const canServe = (id: string) => this.#write(id, row, 0).length > 0;
        const chosen = chooseInterpreters(this.#config, interpreter, row, canServe);
        choices.push(this.#list(chosen.flatMap((each) => this.#write(each.id, row, each.linkage))));
      }
      return number;
    });
    return { numbers, choices };
  }

  /** For BINFMT_DISPATCHER_INTERPRETER: each interpreter with its lists. */
  ids(): number {
    const encoder = new TextEncoder();
    const sorted = [...this.#config.interpreters].map(([id, { linkage }]) => (
      { id, linkage: linkageBits(linkage), bytes: encoder.encode(id) }
    )).sort((a, b) => compareBytes(a.bytes, b.bytes));
    return this.#out.section(sorted.flatMap(({ id, linkage }) => {
      const entry: number[] = [];
      entry[ID.name / 4] = this.#out.string(id);
      this.#rows.forEach((row, i) => {
        entry[ID.lists / 4 + i] = this.#list(this.#write(id, row, row.elf ? linkage : 0));
      });
      return entry;
    }));
  }

  #list(candidates: readonly number[]): number {
    return candidates.length === 0 ? 0 : this.#out.counted(candidates);
  }

  /** The interpreter's candidates for a row; none if it is not made for it. */
  #write(id: string, row: Row, linkage: number): number[] {
    if (!isMadeFor(this.#config, id, row)) return [];
    const key = `${linkage} ${row.elf} ${row.name} ${id}`;
    const known = this.#candidates.get(key);
    if (known !== undefined) return known;
    const offsets = candidatesOf(this.#config, id, row, linkage).map((draft) =>
      writeCandidate(this.#out, draft, this.#words(draft, row))
    );
    this.#candidates.set(key, offsets);
    return offsets;
  }
}

function writeCandidate(out: Writer, draft: Draft, install: string | undefined): number {
  const groups = draft.needs.map((group) => out.counted(group.map((path) => out.bytes(path))));
  const fields: number[] = [];
  fields[CANDIDATE.when / 4] = draft.when;
  fields[CANDIDATE.name / 4] = out.string(draft.name);
  fields[CANDIDATE.id / 4] = out.string(draft.id);
  fields[CANDIDATE.path / 4] = out.string(draft.path);
  fields[CANDIDATE.wrapper / 4] = draft.wrapper === undefined ? 0 : out.string(draft.wrapper);
  fields[CANDIDATE.needs / 4] = out.counted(groups);
  fields[CANDIDATE.sysroots / 4] = out.counted(draft.sysroots.map((root) => out.string(root)));
  fields[CANDIDATE.argv / 4] = out.bytes(draft.argv);
  fields[CANDIDATE.env / 4] = out.bytes(draft.env);
  fields[CANDIDATE.install / 4] = install === undefined ? 0 : out.string(install);
  return out.numbers(fields);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const differs = a.findIndex((byte, i) => byte !== b[i]);
  return differs < 0 ? a.length - b.length : a[differs]! - (b[differs] ?? -1);
}
