/** The outcome of a start, for people and for the installation of packages. */
import type { Failure } from "../failure.ts";
import type { Kind } from "../routes/kinds.ts";
import type { TableCandidate, TableRule } from "../routes/table.ts";

/** The kind of a program. */
export interface Program {
  readonly kind: Kind;
  readonly target: number;
  /** The name of the machine or format. */
  readonly name: string;
  /** Undefined for formats. */
  readonly linkage: "static" | "dynamic" | undefined;
  /** PT_INTERP. */
  readonly loader: Uint8Array | undefined;
}

/** A condition of a candidate that does not hold. */
export type Condition = "static" | "dynamic" | "pages fit" | "pages differ";

/** Whether a candidate is usable, or why not. */
export type Verdict =
  /** The first usable one is chosen; if its file is foreign, it cannot be started. */
  | { readonly kind: "usable"; readonly foreign: boolean }
  | { readonly kind: "conditions"; readonly conditions: readonly Condition[] }
  /** muvm cannot be used here, whether it is installed or not. */
  | { readonly kind: "muvm"; readonly why: string }
  /** Groups without an existing path; a path in an unknown directory is shown as configured. */
  | { readonly kind: "missing"; readonly groups: readonly (readonly string[])[] }
  /** The program's own loader is below none of the sysroots. */
  | { readonly kind: "no loader"; readonly sysroots: readonly string[] }
  /** All is there, but the caller may not execute it. */
  | { readonly kind: "not executable" };

export interface Considered {
  readonly candidate: TableCandidate;
  readonly verdict: Verdict;
  /** The groups that were checked, and the path found in each. */
  readonly requirements: readonly {
    readonly paths: readonly string[];
    readonly found: string | undefined;
  }[];
}

/** What execve gets. */
export interface Command {
  /** argv[0] is also the path. */
  readonly argv: readonly Uint8Array[];
  /** The whole new environment. */
  readonly env: readonly Uint8Array[];
  /** The variables that the interpreter adds or replaces. */
  readonly added: readonly Uint8Array[];
}

/** The rule that matched; its index is 0 if none did. */
export interface MatchedRule extends TableRule {
  /** Does it match by the links in its path, not by the path as written? */
  readonly by_links: boolean;
  /** If a path below `~/` matched by its links: where its literal part leads. */
  readonly home_part: string | undefined;
}

/** What happens with a program, and why. */
export interface Decision {
  /** Undefined if no kind matches or the file is corrupt. */
  readonly program: Program | undefined;
  /** The kernel would run it itself, but an entry for its extension matches. */
  readonly own: "program" | "script" | undefined;
  readonly rule: MatchedRule | undefined;
  /** The interpreter that OVERRIDE names, and whether it is used, if that is known. */
  readonly override: { readonly id: string; readonly taken: boolean | undefined } | undefined;
  /** All candidates in order, with their verdicts. */
  readonly candidates: readonly Considered[];
  readonly chosen: Considered | undefined;
  readonly command: Command | undefined;
  /** The same argv with one pair `-e NAME` for all variables that muvm forwards. */
  readonly shown: readonly Uint8Array[];
  /** Why the program cannot be started, in the handler's words. */
  readonly failure: Failure | undefined;
}
