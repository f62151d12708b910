/** The effective configuration: all layers merged, with every default filled in. */

/** A list of alternatives; any one of them is enough. */
export type AnyOf = readonly string[];

/** A variable's value, a value for when the caller has set none, or false to remove it. */
export type Variable = string | { readonly default: string } | false;

export interface Interpreter {
  /** Shown to people; the ID if the configuration gives no name. */
  readonly name: string;
  /** The first that exists is used; may hold {machine}. */
  readonly path: readonly string[];
  /** Templates of the arguments; the program's arguments follow them. */
  readonly args: readonly string[];
  /** Templates of variables added to the environment. */
  readonly env: Readonly<Record<string, Variable>>;
  /** The machines and formats that it supports. */
  readonly machines: readonly string[];
  readonly linkage: "static" | "dynamic" | "both";
  /** A dynamic program's loader must exist below one of these directories; empty: not checked. */
  readonly sysroot: readonly string[];
  /** All are needed, each by any one of its alternatives. */
  readonly required_paths: readonly AnyOf[];
  /** The same, for dynamic programs only. */
  readonly dynamic_required_paths: readonly AnyOf[];
  /** Package manager → packages, with {machine}. A package with a trailing ? is optional. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly hint: string | undefined;
  readonly use_muvm: boolean;
}

export interface Muvm {
  readonly path: string;
  readonly page_size: number;
  readonly args: readonly string[];
  readonly tty_args: readonly string[];
  readonly forward_env: boolean;
  /** Names or patterns with a trailing `*`. */
  readonly never_forward: readonly string[];
  readonly required_paths: readonly AnyOf[];
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** Seconds the VM outlives its last program. */
  readonly linger: number;
}

/** A kind of program file that is not ELF. */
export interface Format {
  readonly extension: string | undefined;
  readonly magic: Uint8Array | undefined;
  /** As long as the magic. */
  readonly mask: Uint8Array | undefined;
  readonly offset: number;
  /** Only files that also have a CLR header, as .NET programs have. */
  readonly clr: boolean;
  readonly interpreter: readonly string[];
}

/** One path of a `[binaries.*]` entry that has both paths and interpreters. */
export interface Rule {
  /** Of the entry; an entry with several paths gives several rules. */
  readonly id: string;
  /** An exact path, a directory (ends in `/`) or a glob; may begin with `~/`. */
  readonly path: string;
  readonly interpreter: readonly string[];
  /** Index into Effective.layers: the highest layer that sets any of the entry's keys. */
  readonly layer: number;
  /**
   * The literal part of the path with its links resolved, if that differs. For `~/…` it is the
   * literal part itself: the handler resolves it.
   */
  readonly leads_to?: string;
}

/** A link that a rule's path leads through. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

export interface Config {
  readonly defaults: {
    readonly interpreter: readonly string[];
    readonly log_level: string;
    readonly ask: boolean;
  };
  /** Only machines with a list of their own. */
  readonly machines: ReadonlyMap<string, readonly string[]>;
  readonly interpreters: ReadonlyMap<string, Interpreter>;
  readonly muvm: Muvm;
  readonly formats: ReadonlyMap<string, Format>;
  /** In order of precedence: the first that matches is chosen. */
  readonly rules: readonly Rule[];
}

export type LayerKind = "vendor" | "admin" | "user";

export interface Layer {
  readonly path: string;
  readonly kind: LayerKind;
  /** masked: a namesake replaces it; empty: hidden by an empty file or a link to /dev/null. */
  readonly state: "read" | "absent" | "masked" | "empty" | "refused" | "unreadable" | "faulty";
  /** The reason, if the state is refused, unreadable or faulty. */
  readonly why: string | undefined;
}

/**
 * A fault in a layer. Warnings (unknown keys) change nothing; errors make the value absent.
 */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly file: string;
  /** Counted from 1; 0 for the whole file. */
  readonly line: number;
  /** Dotted key, "" for the whole file. */
  readonly key: string;
  /** What was found and expected, without a period. */
  readonly message: string;
  readonly did_you_mean: string | undefined;
}

export interface Origin {
  readonly file: string;
  readonly line: number;
}

export interface Effective {
  readonly config: Config;
  /** In the order in which they were read; later layers win. */
  readonly layers: readonly Layer[];
  /**
   * Every file and directory that was looked at, absent ones included. The configuration changes
   * only if one of them does.
   */
  readonly sources: readonly string[];
  /** The sources that exist. */
  readonly present: ReadonlySet<string>;
  /** The links that the rules' paths lead through. */
  readonly links: readonly Link[];
  /** Every existing layer was read completely, so a table compiled from it may be kept. */
  readonly whole: boolean;
  /** Computed on request: their lines are looked up in the layers' texts. */
  diagnostics(): readonly Diagnostic[];
  /**
   * Where a value was set, by its dotted key ("interpreters.fex.path", quoted as TOML quotes it:
   * `binaries."a.b".path`);
   * undefined for built-in defaults. Costs as much as diagnostics(), once.
   */
  origin(key: string): Origin | undefined;
}
