/** Kinds of starts whose system calls are made to fail. */
import { OTHER_PAGE_SIZE } from "../handler/stage.ts";

export const MACHINE = "riscv64";

/** A special kind of start. */
export type Way =
  /** Without a resolver; the right interpreter is in the handler. */
  | "alone"
  /** With an offer, after which the resolver installs the interpreter. */
  | "offer"
  /** By user 1000, with root as the effective user. */
  | "secure"
  /** Of a script whose first line names the program. */
  | "script"
  /** Of a native script or program that matches an entry by its extension. */
  | "own script"
  | "own program"
  /** Through muvm; its machine runs, or has to be started. */
  | "muvm"
  | "muvm's machine"
  /** No start: `handler table`, `handler tell`, and `handler guest` with a pipe or a file. */
  | "table"
  | "tell"
  | "guest"
  | "guest with a file";

/** A kind of start. */
export interface Kind {
  readonly name: string;
  /** By a user; by default root's. */
  readonly user?: true;
  /** With a runtime directory. */
  readonly session?: true;
  /** No table, a valid one or a stale one. */
  readonly table: "none" | "fresh" | "stale";
  readonly way?: Way;
}

export const KINDS: readonly Kind[] = [
  { name: "root's, with a table", table: "fresh" },
  { name: "root's, without a table", table: "none" },
  { name: "root's, with a table out of date", table: "stale" },
  { name: "a user's with a layer, with a table", user: true, table: "fresh" },
  { name: "a user's with a layer, without a table", user: true, table: "none" },
  { name: "a user's with a layer in a session", user: true, session: true, table: "none" },
  { name: "one by the interpreter in the handler", table: "none", way: "alone" },
  { name: "one that offers to install", table: "fresh", way: "offer" },
  { name: "a script's", table: "fresh", way: "script" },
  { name: "of a script that has the extension", table: "fresh", way: "own script" },
  { name: "of a native program that has the extension", table: "fresh", way: "own program" },
  { name: "through muvm", user: true, session: true, table: "fresh", way: "muvm" },
  {
    ...{ name: "through muvm, whose machine does not run", table: "fresh", way: "muvm's machine" },
    ...{ user: true, session: true },
  },
  { name: "no start but `handler guest`", table: "none", way: "guest" },
  { name: "no start but `handler guest` with a file", table: "none", way: "guest with a file" },
  { name: "no start but `handler table`", table: "none", way: "table" },
  { name: "no start but `handler tell`", table: "none", way: "tell" },
];

/** Kinds that need several users in a namespace, and so root. */
export const SECURE_KINDS: readonly Kind[] = [
  { name: "with another user's rights, with a table", table: "fresh", way: "secure" },
  { name: "with another user's rights, with a table out of date", table: "stale", way: "secure" },
];

export const ALL_KINDS: readonly Kind[] = [...KINDS, ...SECURE_KINDS];

/** Kinds that make a table. */
export const MAKING = KINDS.filter(({ table, way }) => table === "none" && way === undefined);

type Name = "right" | "wrong";

/**
 * A layer that chooses an interpreter by the program's canonical path. The other interpreter is
 * next in the list, except with an offer. The right one is for dynamic programs only.
 */
export function layerOf({ user, way }: Kind, chosen: Name): string {
  const other = chosen === "right" ? "wrong" : "right";
  // Root's home is not below the stage.
  const needed = user ? ', "~/needed", "{XDG_DATA_HOME}/needed"' : "";
  const isThroughMuvm = way === "muvm" || way === "muvm's machine";
  const list = way === "offer" ? `["${chosen}"]` : `["${chosen}", "${other}"]`;
  return `[defaults]
interpreter = ${way === "offer" ? list : `"${other}"`}
[muvm]
path = "$/muvm"
page_size = ${OTHER_PAGE_SIZE}
required_paths = ["$/needed"]
args = ["-i"]
[interpreters.right]
path = "$/${way === "offer" ? "installed" : "right"}"
machines = ["${MACHINE}"]
required_paths = ["$/needed"${needed}]
linkage = "dynamic"
use_muvm = ${isThroughMuvm}
[interpreters.wrong]
path = "$/wrong"
machines = ["${MACHINE}"]
[formats.fault]
extension = "fault"
interpreter = "wrong"
[binaries.program]
path = "$/program"
interpreter = ${list}
`;
}
