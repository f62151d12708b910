import { readElf } from "../elf/header.ts";
import { isDotnet } from "../elf/pe.ts";
import type { Failure, Result } from "../failure.ts";
import { shellQuote } from "../shell_quote.ts";
import { concat, type Facts, startsWith, variable } from "./facts.ts";
import { considerCandidate, type Considered, type Program } from "./consider.ts";
import { expandItems } from "./expand.ts";
import { HEAD_SIZE, PROBE, TABLE_FLAG } from "./format.ts";
import type { Kind } from "./kinds.ts";
import type { Table, TableRule } from "./table.ts";

/** The variable that picks an interpreter for one program and its children. */
export const OVERRIDE = "BINFMT_DISPATCHER_INTERPRETER";

/** What happens with a program, and why. */
export interface Decision {
  /** What kind of program it is; undefined where no kind fits or its file is damaged. */
  readonly program: Program | undefined;
  /** The rule that matched; its index is 0 where none did. */
  readonly rule: TableRule | undefined;
  /** The interpreter that the caller picked, and whether its list was taken. */
  readonly override: { readonly id: string; readonly taken: boolean } | undefined;
  /** All candidates in order, with what became of each. */
  readonly candidates: readonly Considered[];
  readonly chosen: Considered | undefined;
  /** What is executed: argv[0] is the file, env the whole new environment. */
  readonly command: { readonly argv: Uint8Array[]; readonly env: Uint8Array[] } | undefined;
  /** Variables that are set anew, `NAME=value`. */
  readonly added: readonly Uint8Array[];
  /** Why the program cannot be started. */
  readonly failure: Failure | undefined;
}

const SLASH = 0x2f;
const TILDE = new Uint8Array([0x7e]);
const decoder = new TextDecoder();

const NOTHING: Decision = {
  program: undefined,
  rule: undefined,
  override: undefined,
  candidates: [],
  chosen: undefined,
  command: undefined,
  added: [],
  failure: undefined,
};

/**
 * Decides from the table and the facts what runs a program: the same that the native handler does,
 * told in full. A Failure in the decision is the handler's own end (its exit status follows from
 * the code); a Failure instead of a decision means that the table is damaged.
 */
export function evaluate(table: Table, facts: Facts): Result<Decision> {
  return table.settle(decide(table, facts));
}

function decide(table: Table, facts: Facts): Decision {
  const fail = (so_far: Decision, code: Failure["code"], why: string, hint: string): Decision => (
    { ...so_far, failure: { code, what: `run “${decoder.decode(facts.program)}”`, why, hint } }
  );
  const program = recognise(table, facts);
  if ("why" in program) return fail(NOTHING, program.code, program.why, program.hint);
  const rule = table.rule(matchRule(table, facts));
  const wanted = variable(facts, OVERRIDE);
  const override = wanted === undefined ? undefined : decoder.decode(wanted);
  const picked = override === undefined
    ? undefined
    : table.ids(program.row).find(({ id }) => id === override);
  if (override !== undefined && picked === undefined) {
    const why = `${OVERRIDE} names “${override}”, which is configured nowhere`;
    return fail({ ...NOTHING, program, rule }, "internal", why, ALL_INTERPRETERS);
  }
  const taken = picked !== undefined && picked.list !== 0;
  const list = taken ? picked.list : table.list(rule.choice, program.row);
  const candidates: Considered[] = [];
  for (const at of table.candidates(list)) {
    if (table.damaged) break;
    candidates.push(considerCandidate(table, table.candidate(at), program, facts));
  }
  const chosen = candidates.find(({ verdict }) => verdict.kind === "usable");
  const before = override === undefined ? undefined : { id: override, taken };
  const found = { ...NOTHING, program, rule, override: before, candidates, chosen };
  if (chosen === undefined) {
    const why = candidates.length === 0
      ? `no interpreter is configured for ${program.name} programs`
      : `none of the interpreters for ${program.name} programs can run it here`;
    return fail(found, "no-interpreter", why, installHint(facts));
  }
  if (chosen.verdict.kind === "usable" && chosen.verdict.foreign) {
    const why = `its interpreter ${chosen.candidate.path} is itself no program of this machine`;
    return fail(found, "cannot-run", why, WHERE_CONFIGURED);
  }
  const meaning = {
    facts,
    sysroot: chosen.sysroot,
    never_forward: table.neverForward(),
    wrapped: chosen.candidate.wrapper !== undefined,
  };
  const argv = expandItems(chosen.candidate.argv, meaning);
  const added = expandItems(chosen.candidate.env, meaning);
  return { ...found, added, command: { argv, env: merge(facts.env, added) } };
}

function installHint({ program }: Facts): string {
  return `Install what is missing: binfmt-dispatcher install ${shellQuote(program)}`;
}

const ALL_INTERPRETERS = "All that are: binfmt-dispatcher config show";
const WHERE_CONFIGURED = "Where it is configured: binfmt-dispatcher explain PROGRAM";
const NO_KIND = "binfmt-dispatcher routes --dump lists all kinds of programs that are known.";
const DAMAGED = "Get the program anew: its file is damaged.";

type Unknown = { readonly code: Failure["code"]; readonly why: string; readonly hint: string };

/** The kind of program, and for ELF how it is linked. */
function recognise(table: Table, facts: Facts): Program | Unknown {
  const head = facts.read(0, HEAD_SIZE).subarray(0, HEAD_SIZE);
  const extension = extensionOf(facts.program);
  const kind = table.kinds().find((kind) =>
    kind.extension === undefined ? hasMagic(head, kind) : kind.extension === extension
  );
  if (kind === undefined) {
    const why = "it is no kind of program that is known here";
    return { code: "not-a-program", why, hint: NO_KIND };
  }
  const row = kind.probe === PROBE.CLR && isDotnet(facts.read) ? kind.clr_row : kind.row;
  const found = { row, name: table.rowName(row), kind };
  if (kind.probe !== PROBE.PT_INTERP) return { ...found, linkage: undefined, loader: undefined };
  const elf = readElf(facts.read);
  if ("error" in elf) return { code: "cannot-run", why: elf.why, hint: DAMAGED };
  return { ...found, linkage: elf.linkage, loader: elf.interp };
}

/** What follows the last dot of the file's name. */
function extensionOf(program: Uint8Array): string | undefined {
  const name = program.subarray(program.lastIndexOf(SLASH) + 1);
  const dot = name.lastIndexOf(0x2e);
  return dot < 0 ? undefined : decoder.decode(name.subarray(dot + 1));
}

function hasMagic(head: Uint8Array, { offset, magic, mask }: Kind): boolean {
  return offset + magic.length <= head.length &&
    magic.every((byte, i) => ((head[offset + i]! ^ byte) & mask[i]!) === 0);
}

/**
 * The rule for the canonical path; where there is none, for the path as it was given, if it is
 * absolute.
 */
function matchRule(table: Table, facts: Facts): number {
  const ask = (path: Uint8Array): number => {
    const rule = table.match(path);
    const below = belowHome(table, facts, path);
    const home_rule = below === undefined ? 0 : table.match(concat(TILDE, below));
    if (rule === 0 || home_rule === 0) return rule + home_rule;
    return Math.min(rule, home_rule);
  };
  const rule = ask(facts.canonical);
  return rule === 0 && facts.program[0] === SLASH ? ask(facts.program) : rule;
}

/** What follows HOME in the path, its slash first. HOME=/ is nobody's. */
function belowHome(table: Table, { home, secure }: Facts, path: Uint8Array) {
  if ((table.header("flags") & TABLE_FLAG.HOME_RULES) === 0 || secure) return undefined;
  if (home === undefined || home.length <= 1) return undefined;
  if (path[home.length] !== SLASH || !startsWith(path, home)) return undefined;
  return path.subarray(home.length);
}

/** The caller's variables but those that are set anew, then these. */
function merge(env: readonly Uint8Array[], added: readonly Uint8Array[]): Uint8Array[] {
  const names = added.map((item) => item.subarray(0, item.indexOf(0x3d) + 1))
    .filter((name) => name.length > 0);
  const kept = env.filter((entry) => !names.some((name) => startsWith(entry, name)));
  return [...kept, ...added];
}
