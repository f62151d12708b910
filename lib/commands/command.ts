/** What the command line can ask for. */
import type { Action } from "../enable/plan.ts";
import type { CommandEntry } from "./command_table.ts";

/** What is asked for. `root` is "" for the system that runs. */
export type Command =
  | { readonly kind: "help"; readonly entry: CommandEntry | undefined }
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
  /** What is to be installed, as lib/install/need.ts writes it. */
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
  /** An interpreter's ID: this one is to run it. */
  readonly with?: string;
}

/** binfmt_misc gave us a program, for an entry names us instead of the handler; or as `run`. */
export interface Registered {
  readonly kind: "registered";
  readonly program: string;
  /** Behind its path. With flag P the first is its argv[0]. */
  readonly args: readonly string[];
}

export interface Doctor {
  readonly kind: "doctor";
  /** Their ids; none: all but those that change something. */
  readonly checks: readonly string[];
  readonly list: boolean;
  readonly json: boolean;
}

export interface Run {
  readonly kind: "run";
  readonly program: string;
  /** The program's own, without its name. */
  readonly args: readonly string[];
  /** An interpreter's ID: this one is to run it. */
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
  /** Machines and formats; none: only what is so is asked for. */
  readonly names: readonly string[];
  readonly host?: string;
}

export interface Handler {
  readonly kind: "handler";
  readonly host: string | undefined;
  readonly resolver: string | undefined;
  readonly tables: string | undefined;
  readonly symbols: boolean;
  /** Static qemu-users to carry along. */
  readonly fallbacks: readonly string[];
}

export interface Routes {
  readonly kind: "routes";
  readonly root: string;
  readonly dump: boolean;
  /** The table's format version that is asked for; ours if undefined. */
  readonly format: string | undefined;
  /** From the system's layers only. */
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
  /** The terminal is there for this alone: where it fails it stays open. */
  readonly hold: boolean;
}
