/** The commands and their arguments. */
import type { Action } from "../enable/plan.ts";
import type { CommandEntry } from "./command_table.ts";

/** A parsed command line. `root` is "" for the running system. */
export type Command =
  /** Help for these commands; in detail if there is only one. */
  | { readonly kind: "help"; readonly entries: readonly CommandEntry[] }
  | { readonly kind: "version" }
  | Registered
  | Explain
  | Run
  | Config
  | Binfmt
  | Enable
  | Handler
  | Routes
  | { readonly kind: "vm" }
  | Install
  | Open
  | Doctor
  /** What to install: needText() of lib/install/need.ts. */
  | { readonly kind: "privileged-install"; readonly need: string }
  | { readonly kind: "completions"; readonly shell: string };

export interface Explain {
  readonly kind: "explain";
  readonly root: string;
  /** A path, or a name on PATH. */
  readonly program: string;
  readonly json: boolean;
  /** The machine of another root. */
  readonly host?: string;
  /** The ID of the interpreter to use. */
  readonly with?: string;
}

/** A program from a binfmt_misc entry that names binfmt-dispatcher instead of the handler. */
export interface Registered {
  readonly kind: "registered";
  readonly program: string;
  /** The arguments after the path. With flag P the first one is argv[0]. */
  readonly args: readonly string[];
}

export interface Doctor {
  readonly kind: "doctor";
  /** IDs of checks. If empty: all checks except those that change something. */
  readonly checks: readonly string[];
  readonly list: boolean;
  readonly json: boolean;
}

export interface Run {
  readonly kind: "run";
  readonly program: string;
  /** Arguments of the program, without argv[0]. */
  readonly args: readonly string[];
  /** The ID of the interpreter to use. */
  readonly with?: string;
}

export interface Config {
  readonly kind: "config";
  readonly root: string;
  readonly action: "show" | "check" | "schema";
  readonly json: boolean;
  readonly files: readonly string[];
  readonly host?: string;
}

export interface Binfmt {
  readonly kind: "binfmt";
  readonly root: string;
  readonly machines: readonly string[];
  readonly host: string | undefined;
  readonly flags: string | undefined;
  readonly direct: boolean;
  readonly handler: string | undefined;
}

export interface Enable {
  readonly kind: Action;
  readonly root: string;
  /** Machines and formats. If empty: list their states. */
  readonly names: readonly string[];
  readonly host?: string;
}

export interface Handler {
  readonly kind: "handler";
  readonly host: string | undefined;
  readonly resolver: string | undefined;
  readonly tables: string | undefined;
  readonly symbols: boolean;
  /** Paths of static qemu-users to embed. */
  readonly fallbacks: readonly string[];
}

export interface Routes {
  readonly kind: "routes";
  readonly root: string;
  readonly dump: boolean;
  /** The requested format version of the table; by default the current one. */
  readonly format: string | undefined;
  /** Use the system's layers only. */
  readonly system: boolean;
}

export interface Open {
  readonly kind: "open";
  readonly file: string;
}

export interface Install {
  readonly kind: "install";
  /** An interpreter's ID, or a program's path. */
  readonly what: string | undefined;
  /** A machine or format. */
  readonly target: string | undefined;
  readonly yes: boolean;
  readonly dry_run: boolean;
  /** The program that the handler could not start. */
  readonly started: string | undefined;
  /** The terminal was opened for this command: keep it open after a failure. */
  readonly hold: boolean;
}
