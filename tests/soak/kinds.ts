/** Kinds of starts whose system calls are made to fail. */
import { OTHER_PAGE_SIZE } from "../handler/stage.ts";

export const MACHINE = "riscv64";

/** What is special about it. */
export type Way =
  /** There is no resolver; the right interpreter is in the handler. */
  | "alone"
  /** A person is asked, and the resolver installs the interpreter. */
  | "offer"
  /** User 1000's, with root's rights in effect. */
  | "secure"
  /** A script's, whose first line names the program. */
  | "script"
  /** What the kernel would run itself came by its extension: a script, or a program. */
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
  /** Else root's. */
  readonly user?: true;
  /** With a runtime directory. */
  readonly session?: true;
  /** Is there a table: none, a valid one or a stale one? */
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

/** Those that need several users in a namespace, which needs root. */
export const SECURE_KINDS: readonly Kind[] = [
  { name: "with another user's rights, with a table", table: "fresh", way: "secure" },
  { name: "with another user's rights, with a table out of date", table: "stale", way: "secure" },
];

/** Starts that make a table. */
export const MAKING = KINDS.filter(({ table, way }) => table === "none" && way === undefined);

type Name = "right" | "wrong";

/**
 * Which interpreter a layer chooses by the program's own path, which the start does not give; the
 * other one is always there, too, but where one is offered. The right one is for dynamic programs
 * alone.
 */
export function layerOf({ user, way }: Kind, chosen: Name): string {
  const other = chosen === "right" ? "wrong" : "right";
  // Root's home is not the stage's.
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
