/** What doctor knows about the system. Each part is gathered once, if a check needs it. */
import type { Absence, FileFacts, Tried } from "../environment.ts";
import type { Config, Diagnostic, Layer } from "../config/config.ts";
import type { HandlerFacts } from "../explain/handler_facts.ts";
import type { KernelView } from "../explain/kernel_words.ts";
import type { Report } from "../explain/report.ts";
import type { Routes } from "../start/decide_start.ts";
import type { RouteTable } from "../explain/route_table.ts";
import type { Failure, Result } from "../failure.ts";

/** A binfmt_misc line of binfmt-dispatcher, or a dangling link. */
export interface Wanted {
  readonly file: string;
  readonly state: "line" | "dangling" | "masked";
  /** The entry's name, if it is a line. */
  readonly entry: string | undefined;
  readonly interpreter: string | undefined;
}

/** An entry that is wanted or exists, and what the kernel does with its programs. */
export interface EntryView extends KernelView {
  readonly entry: string;
  /** A machine or format. */
  readonly target: string;
  readonly wanted: boolean;
}

/** The decision on a sample program of a target. */
export interface Sampled {
  readonly target: string;
  /** Undefined for formats. */
  readonly linkage: "static" | "dynamic" | undefined;
  readonly report: Report;
  /** Why nothing here can run it. */
  readonly failure: Failure | undefined;
}

export interface TableFile {
  readonly path: string;
  /** other: of another version, or left by a start that was killed. */
  readonly state: "whole" | "torn" | "other";
}

export interface Facts {
  /** The configuration and its route table, from which other parts come. */
  readonly routes: Routes;
  readonly host: {
    readonly release: string;
    readonly machine: string;
    readonly page_size: number;
    readonly uid: number;
    /** Diagnostics if Linux is too old. */
    readonly old: readonly Diagnostic[];
    readonly wsl: boolean;
    /** The setting in /etc/wsl.conf. */
    readonly protectBinfmt: boolean;
    /** In a container, or in a sandbox with its own namespaces. */
    readonly container: boolean;
    readonly proc: boolean;
    /** The mount point of binfmt_misc exists. */
    readonly directory: boolean;
  };
  readonly handler: {
    readonly file: FileFacts | Absence;
    /** Undefined if it could not be asked; `unseen` then says why. */
    readonly told: HandlerFacts | undefined;
    readonly unseen: string | undefined;
    /** The remedy, if the caller can apply it. */
    readonly hint: string | undefined;
  };
  readonly wanted: readonly Wanted[];
  readonly entries: readonly EntryView[];
  readonly config: {
    readonly config: Config;
    readonly layers: readonly Layer[];
    readonly faults: readonly Diagnostic[];
    readonly dangling: readonly string[];
  };
  readonly samples: readonly Sampled[];
  readonly muvm: {
    readonly path: string;
    /** Names of the installed interpreters that run in it. */
    readonly interpreters: readonly string[];
    readonly args: readonly string[];
    /** The missing files of muvm and of [muvm] required_paths. */
    readonly missing: readonly string[];
    /** Why /dev/kvm cannot be used: errno, or 0. */
    readonly kvm: number;
    readonly runtime: boolean;
    readonly running: boolean;
    readonly help: Result<string>;
  };
  /** Existing paths of FEX. */
  readonly fex: readonly string[];
  readonly tables: {
    readonly table: RouteTable | undefined;
    readonly files: readonly TableFile[];
  };
  readonly desktop: {
    readonly display: boolean;
    readonly dialog: boolean;
    readonly terminal: boolean;
    readonly manager: string | undefined;
    /** Is it set-user-ID? */
    readonly pkexec: boolean;
    readonly action: boolean;
    /** The polkit action of AsahiLinux/binfmt-dispatcher exists. */
    readonly incumbent: boolean;
    readonly entry: boolean;
  };
  readonly resolver: {
    readonly file: FileFacts | Absence;
    /** An ELF file without the program that `deno compile` appends. */
    readonly stripped: boolean;
    readonly tried: Result<Tried>;
  };
  /** How each entry's probe ended; undefined if none is possible. */
  readonly starts: readonly { readonly entry: string; readonly tried: Result<Tried> | undefined }[];
  readonly machine: Result<unknown>;
}
