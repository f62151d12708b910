/**
 * What a layer may say: the one definition that the loader, config/schema.json and the built-in
 * defaults come from.
 * Each message completes "expected …".
 */
import * as v from "valibot";
import { MAX_MAGIC_END } from "./limits.ts";
import {
  absolutePath,
  argument,
  flag,
  homePath,
  ids,
  list,
  magic,
  name,
  oneOf,
  oneOrMore,
  packages,
  required,
  rulePath,
  said,
  string,
  sysroot,
  variables,
  whole,
} from "./value_types.ts";

export const DEFAULTS = v.strictObject({
  interpreter: v.optional(
    said(
      ids,
      "Interpreters for programs that no rule and no machine's list speaks of: IDs from " +
        "[interpreters]. The first that is made for the program and installed runs it.",
    ),
    [],
  ),
  log_level: v.optional(
    said(
      oneOf("trace", "debug", "info", "warn", "error", "off"),
      "Read for older files, without effect. A program that starts prints nothing of ours; " +
        "BINFMT_DISPATCHER_LOG_LEVEL=debug explains each start.",
    ),
    "warn",
  ),
});

export const MACHINE = v.strictObject({
  interpreter: said(ids, "Interpreters for this machine's programs, before those of [defaults]."),
});

export const INTERPRETER = v.strictObject({
  name: v.optional(said(name, "Name for people. Default: the ID.")),
  path: v.optional(
    said(
      v.union([
        homePath,
        v.pipe(list(homePath, "a path"), v.minLength(1, "at least one path")),
      ], "a path that begins with / or ~/, or a list of such"),
      "The interpreter's program; of a list the first that exists. {machine}, {gnu} and {debian} " +
        "stand for the program's machine as qemu, GNU and Debian call it.",
    ),
  ),
  args: v.optional(
    said(
      list(argument, "a list of strings"),
      "Its arguments; the program's own follow. {program}, {argv0}, {sysroot}, {machine}, {gnu} " +
        "and {debian} are filled in.",
    ),
    ["{program}"],
  ),
  env: v.optional(
    said(
      variables,
      "Variables added to the environment; the same words are filled in. { default = " +
        '"value" } holds where the caller has not set it; false takes the variable away.',
    ),
    {},
  ),
  machines: v.optional(
    said(
      oneOrMore(name, "a machine's name"),
      "Machines (as qemu names them) and formats that it is made for. Default: all machines if a " +
        "path contains {machine}, the one that a path named qemu-MACHINE or qemu-MACHINE-static " +
        "tells, else x86_64 and i386.",
    ),
  ),
  linkage: v.optional(
    said(oneOf("static", "dynamic", "both"), "Which programs it can run, by how they are linked."),
    "both",
  ),
  sysroot: v.optional(
    said(
      oneOrMore(sysroot, "an absolute path, or a variable as $NAME"),
      "A dynamic program's own loader must exist below one of these folders; {sysroot} in " +
        "args is that folder. $NAME is the folder that a variable says, where it is set. Not " +
        "asked where the list is empty. {machine}, {gnu} and {debian} are filled in.",
    ),
    [],
  ),
  required_paths: v.optional(
    said(
      required,
      "Files and folders that must exist besides the interpreter: all of them, of an inner list " +
        "any one. May begin with ~/ or {XDG_DATA_HOME}/; $NAME is there where that variable " +
        "is set and not empty.",
    ),
    [],
  ),
  dynamic_required_paths: v.optional(
    said(required, "The same, asked for programs that are linked dynamically alone."),
    [],
  ),
  packages: v.optional(
    said(
      packages,
      "What to install, by package manager (apt, dnf, pacman, zypper, rpm-ostree); only in " +
        "root's layers. {machine}, {gnu} and {debian} are filled in; a trailing ? means: if " +
        "there is such a package.",
    ),
    {},
  ),
  hint: v.optional(said(name, "What to tell people where no package manager can help.")),
  use_muvm: v.optional(
    said(flag, "Run it inside muvm where the kernel's page size is not [muvm] page_size."),
    false,
  ),
});

export const MUVM = v.strictObject({
  path: v.optional(said(absolutePath, "muvm's program."), "/usr/bin/muvm"),
  page_size: v.optional(
    said(
      v.picklist([4096, 16384, 65536], "4096, 16384 or 65536"),
      "Bytes per page inside muvm. Where the host has other pages, programs go through muvm.",
    ),
    4096,
  ),
  args: v.optional(said(list(argument, "a list of strings"), "Arguments for muvm."), ["-i"]),
  tty_args: v.optional(
    said(
      list(argument, "a list of strings"),
      "Further arguments, only where standard input, output and error are all terminals.",
    ),
    ["-t"],
  ),
  forward_env: v.optional(said(flag, "Hand the environment on to the program inside."), true),
  never_forward: v.optional(
    said(
      list(
        string("a variable's name, with or without a trailing *", /^[A-Za-z_][A-Za-z0-9_]*\*?$/),
        "a list of names",
      ),
      "Variables that are not handed on, since the guest has its own; a trailing * stands for " +
        "any rest.",
    ),
    [],
  ),
  linger: v.optional(
    said(whole(0, 86400), "Seconds for which a machine that had to be started stays up at least."),
    300,
  ),
  required_paths: v.optional(
    said(required, "Files and folders that must exist besides muvm, as for interpreters."),
    [],
  ),
  packages: v.optional(said(packages, "What to install for muvm, as for interpreters."), {}),
});

export const FORMAT = v.strictObject({
  extension: v.optional(
    said(
      string("a file name's extension without its dot", /^[A-Za-z0-9_+-]{1,32}$/),
      "Files of this format end in a dot and this. Either this or magic.",
    ),
  ),
  magic: v.optional(
    said(
      magic,
      "Bytes that files of this format have at offset, as binfmt.d writes them: 'MZ', '\\x7fELF'.",
    ),
  ),
  mask: v.optional(
    said(magic, "Which bits of the magic count, written like it and as long. Default: all."),
  ),
  offset: v.optional(
    said(
      whole(0, MAX_MAGIC_END - 1),
      `Where the magic stands in the file; it ends within the first ${MAX_MAGIC_END} bytes.`,
    ),
    0,
  ),
  clr: v.optional(
    said(
      flag,
      "Only files that also have a CLR header: .NET programs, which share MZ with Windows' own.",
    ),
    false,
  ),
  interpreter: v.optional(
    said(ids, "Interpreters for files of this format. None: the format is off."),
    [],
  ),
});

export const RULE = v.strictObject({
  path: v.optional(
    said(
      oneOrMore(rulePath, "a path that begins with /, ~/ or *"),
      "Programs that the rule is for: an exact path, a folder with everything below it (ends " +
        "in /), or a pattern with * ? […] {a,b} and ** (which also matches /). An empty list " +
        "switches the rule off.",
    ),
  ),
  interpreter: v.optional(
    said(ids, "Interpreters for these programs. An empty list switches the rule off."),
  ),
});

const section = <T extends v.GenericSchema>(entry: T, description: string) =>
  v.optional(said(v.record(name, entry), description));

/** A whole layer. */
export const LAYER = v.strictObject({
  defaults: v.optional(said(DEFAULTS, "What holds where nothing else is said.")),
  muvm: v.optional(
    said(
      MUVM,
      "What runs interpreters that need another page size than the host's kernel has.",
    ),
  ),
  machines: section(MACHINE, "Lists of interpreters for single machines, by qemu's name."),
  interpreters: section(INTERPRETER, "Programs that run foreign programs, by ID."),
  formats: section(FORMAT, "Kinds of program files that are not ELF, by ID."),
  binaries: section(RULE, "Rules for single programs and folders, by ID."),
});

/** The keys of each kind of table, to be checked one by one. */
export const TABLES = {
  defaults: DEFAULTS.entries,
  muvm: MUVM.entries,
  machines: MACHINE.entries,
  interpreters: INTERPRETER.entries,
  formats: FORMAT.entries,
  binaries: RULE.entries,
} as const;

export type Section = keyof typeof TABLES;

/** An ID of an interpreter, a format, a machine or a rule. */
export const ID = name;
