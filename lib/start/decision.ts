/** The outcome of a start, for people and for the installation of packages. */
import type { Failure } from "../failure.ts";
import type { Kind } from "../routes/kinds.ts";
import type { TableCandidate, TableRule } from "../routes/table.ts";

/** What a program is. */
export interface Program {
  readonly kind: Kind;
  readonly target: number;
  /** The target's: a machine or a format. */
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
  /** muvm cannot be asked for here, whether it is installed or not. */
  | { readonly kind: "muvm"; readonly why: string }
  /** Groups without an existing path; a path in an unknown directory is shown as configured. */
  | { readonly kind: "missing"; readonly groups: readonly (readonly string[])[] }
  /** The program's own loader is below none of the sysroots. */
  | { readonly kind: "no loader"; readonly sysroots: readonly string[] }
  /** All is there, but whoever starts it may not execute it. */
  | { readonly kind: "not executable" };

export interface Considered {
  readonly candidate: TableCandidate;
  readonly verdict: Verdict;
  /** The groups that it needs, as far as they were looked at, with the path found in each. */
  readonly requirements: readonly {
    readonly paths: readonly string[];
    readonly found: string | undefined;
  }[];
}

/** What is executed. */
export interface Command {
  /** argv[0] is the file. */
  readonly argv: readonly Uint8Array[];
  /** The whole new environment. */
  readonly env: readonly Uint8Array[];
  /** Of these, the variables that are set anew. */
  readonly added: readonly Uint8Array[];
}

/** The rule that matched; its index is 0 if none did. */
export interface MatchedRule extends TableRule {
  /** Not as its path is written, but by where the links in it lead. */
  readonly by_links: boolean;
  /** If a path below `~/` matched by its links: where its literal part leads. */
  readonly home_part: string | undefined;
}

/** What happens with a program, and why. */
export interface Decision {
  /** What kind of program it is; undefined if no kind matches or its file is corrupt. */
  readonly program: Program | undefined;
  /** A kind that the kernel runs itself, but passed on for its extension: it is started as such. */
  readonly own: "program" | "script" | undefined;
  readonly rule: MatchedRule | undefined;
  /** The interpreter that the caller picked, and whether its list was taken; if it is known. */
  readonly override: { readonly id: string; readonly taken: boolean | undefined } | undefined;
  /** All candidates in order, with what became of each. */
  readonly candidates: readonly Considered[];
  readonly chosen: Considered | undefined;
  readonly command: Command | undefined;
  /** The same argv with one pair `-e NAME` for all variables that muvm hands on. */
  readonly shown: readonly Uint8Array[];
  /** Why the program cannot be started: the handler's own words. */
  readonly failure: Failure | undefined;
}
