import { type Candidate, VERDICT } from "../handler/decide/candidate.ts";
import { obstacle, obstacleWords } from "../handler/decide/muvm.ts";
import { NONE } from "../handler/bytes.ts";
import { placeOf, type Structure } from "../handler/decide/table.ts";
import type { Listener } from "../handler/report.ts";
import { type KIND, PROBE, WHEN } from "../routes/format.ts";
import type { Table } from "../routes/table.ts";
import { templateWords } from "../routes/template_words.ts";
import type { Condition, Considered, Decision, Program, Verdict } from "./decision.ts";

const CONDITIONS: readonly (readonly [number, Condition])[] = [
  [WHEN.STATIC, "static"],
  [WHEN.DYNAMIC, "dynamic"],
  [WHEN.PAGES_FIT, "pages fit"],
  [WHEN.PAGES_DIFFER, "pages differ"],
];
const decoder = new TextDecoder();

/** Collects what the handler's functions report. */
export class Collector implements Listener {
  program: Program | undefined;
  /** The matching rule's rank. */
  matched = 0;
  home_part: string | undefined;
  picks: Decision["override"];
  readonly considered: Considered[] = [];
  readonly #table: Table;
  #candidate = 0;
  /** The groups of paths that the candidate needs. */
  #groups: { readonly path: string | undefined; readonly exists: boolean }[][] = [];

  constructor(table: Table) {
    this.#table = table;
  }

  kind(kind: Structure<typeof KIND>, target: number, loader: Uint8Array): void {
    const isElf = kind.probe === PROBE.PT_INTERP;
    this.program = {
      kind: this.#table.kind(placeOf(kind)),
      target,
      name: this.#table.targetName(target),
      linkage: isElf ? loader.length > 0 ? "dynamic" : "static" : undefined,
      loader: loader.length > 0 ? loader.slice() : undefined,
    };
  }

  rule(rank: number): void {
    this.matched = rank;
  }

  leadsTo(real: Uint8Array): void {
    this.home_part = decoder.decode(real);
  }

  picked(id: Uint8Array): void {
    this.picks = { id: decoder.decode(id), taken: undefined };
  }

  override(taken: boolean): void {
    this.picks = this.picks && { ...this.picks, taken };
  }

  candidate(candidate: Candidate): void {
    this.#candidate = placeOf(candidate);
    this.#groups = [];
  }

  group(): void {
    this.#groups.push([]);
  }

  path(path: Uint8Array | undefined, exists: boolean): void {
    this.#groups.at(-1)!.push({ path: path && decoder.decode(path), exists });
  }

  verdict(verdict: number, conditions: number): void {
    const candidate = this.#table.candidate(this.#candidate);
    const requirements = this.#groups.map((group, g) => ({
      paths: group.map(({ path }, i) =>
        path ?? templateWords(candidate.requirements[g]?.[i] ?? NONE)
      ),
      found: group.find(({ exists }) => exists)?.path,
    }));
    const sysroots = candidate.sysroots.map((each) => decoder.decode(each));
    this.considered.push({
      candidate,
      verdict: told(verdict, conditions, requirements, sysroots),
      requirements,
    });
  }
}

function told(
  verdict: number,
  conditions: number,
  requirements: Considered["requirements"],
  sysroots: readonly string[],
): Verdict {
  switch (verdict) {
    case VERDICT.CONDITIONS: {
      const failing = CONDITIONS.filter(([bit]) => (conditions & bit) !== 0);
      return { kind: "conditions", conditions: failing.map(([, name]) => name) };
    }
    case VERDICT.MUVM:
      return { kind: "muvm", why: obstacleWords(obstacle()) };
    case VERDICT.MISSING: {
      const groups = requirements.filter(({ found }) => found === undefined).map(({ paths }) =>
        paths
      );
      return { kind: "missing", groups };
    }
    case VERDICT.NO_LOADER:
      return { kind: "no loader", sysroots };
    case VERDICT.NOT_EXECUTABLE:
      return { kind: "not executable" };
  }
  return { kind: "usable", foreign: verdict === VERDICT.FOREIGN };
}
