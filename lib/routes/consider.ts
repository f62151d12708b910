import { expandPath } from "./expand.ts";
import { concat, type Facts } from "./facts.ts";
import { WHEN } from "./format.ts";
import type { Kind } from "./kinds.ts";
import type { Table, TableCandidate } from "./table.ts";
import { templateWords } from "./template_words.ts";
import { wrapperObstacle } from "./wrapper_obstacle.ts";

/** What a program is. */
export interface Program {
  readonly kind: Kind;
  readonly row: number;
  /** The row's: a machine or a format. */
  readonly name: string;
  /** Undefined for formats. */
  readonly linkage: "static" | "dynamic" | undefined;
  /** PT_INTERP. */
  readonly loader: Uint8Array | undefined;
}

/** A condition that a candidate sets and that does not hold. */
export type Condition = "static" | "dynamic" | "pages fit" | "pages differ";

/** What became of a candidate. */
export type Verdict =
  /** The first of these is chosen; if its file is `foreign`, it cannot be started. */
  | { readonly kind: "usable"; readonly foreign: boolean }
  | { readonly kind: "conditions"; readonly conditions: readonly Condition[] }
  /** Its wrapper cannot work here, whether it is installed or not: one of WRAPPER_WORDS. */
  | { readonly kind: "wrapper"; readonly why: string }
  /**
   * Groups of paths of which none exists; a path in an unknown folder shows as it is configured.
   */
  | { readonly kind: "missing"; readonly groups: readonly (readonly string[])[] }
  /** The program's own loader is below none of the sysroots. */
  | { readonly kind: "no loader"; readonly sysroots: readonly string[] };

export interface Considered {
  readonly candidate: TableCandidate;
  readonly verdict: Verdict;
  /** All groups that it needs, with the path that was found in each. */
  readonly needs: readonly {
    readonly paths: readonly string[];
    readonly found: string | undefined;
  }[];
  /** The folder with the program's loader; empty where none is asked for or found. */
  readonly sysroot: Uint8Array;
}

const SLASH = 0x2f;
const NONE = new Uint8Array();
const decoder = new TextDecoder();

/** Can this candidate run the program here? */
export function considerCandidate(
  table: Table,
  candidate: TableCandidate,
  program: Program,
  facts: Facts,
): Considered {
  const conditions = conditionsAgainst(table, candidate, program, facts);
  if (conditions.length > 0) {
    return { candidate, verdict: { kind: "conditions", conditions }, needs: [], sysroot: NONE };
  }
  const why = candidate.wrapper === undefined ? undefined : wrapperObstacle(facts);
  if (why !== undefined) {
    return { candidate, verdict: { kind: "wrapper", why }, needs: [], sysroot: NONE };
  }
  const needs = candidate.needs.map((group) => {
    const paths = group.map((item) => expandPath(item, facts));
    const found = paths.find((path) => path !== undefined && facts.exists(path));
    const words = paths.map((path, i) => path ? decoder.decode(path) : templateWords(group[i]!));
    return { paths: words, found: found && decoder.decode(found), file: found };
  });
  const missing = needs.filter(({ found }) => found === undefined);
  if (missing.length > 0) {
    const groups = missing.map(({ paths }) => paths);
    return { candidate, verdict: { kind: "missing", groups }, needs, sysroot: NONE };
  }
  const sysroot = findSysroot(candidate, program, facts);
  if (sysroot === undefined) {
    const sysroots = candidate.sysroots.map((each) => decoder.decode(each));
    return { candidate, verdict: { kind: "no loader", sysroots }, needs, sysroot: NONE };
  }
  const file = needs[0]?.file;
  const foreign = file !== undefined && facts.isForeign(file);
  return { candidate, verdict: { kind: "usable", foreign }, needs, sysroot };
}

function conditionsAgainst(
  table: Table,
  { when }: TableCandidate,
  program: Program,
  facts: Facts,
): Condition[] {
  const fit = table.header("page_size") === facts.page_size;
  // What is no ELF program counts as static, as it asks for no loader.
  const dynamic = program.linkage === "dynamic";
  const against: readonly (readonly [number, boolean, Condition])[] = [
    [WHEN.STATIC, dynamic, "static"],
    [WHEN.DYNAMIC, !dynamic, "dynamic"],
    [WHEN.PAGES_FIT, !fit, "pages fit"],
    [WHEN.PAGES_DIFFER, fit, "pages differ"],
  ];
  return against.filter(([bit, holds]) => (when & bit) !== 0 && holds).map(([, , name]) => name);
}

/**
 * The first folder below which a dynamic program's loader exists; for others the first of all, or
 * none.
 */
function findSysroot({ sysroots }: TableCandidate, { loader }: Program, facts: Facts) {
  const first = sysroots[0];
  if (first === undefined) return NONE;
  if (loader === undefined) return first;
  if (loader[0] !== SLASH) return undefined;
  return sysroots.find((sysroot) => facts.exists(concat(sysroot, loader)));
}
