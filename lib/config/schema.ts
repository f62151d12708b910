/**
 * The keys and values of a layer: the one definition behind the loader, config/schema.json and the
 * built-in defaults. Each message completes "expected …".
 */
import * as v from "valibot";
import { MAX_MAGIC_END } from "./limits.ts";
import {
  absolutePath,
  argument,
  ARGUMENT_WORDS,
  described,
  flag,
  homePath,
  ids,
  list,
  MACHINE_WORDS,
  magic,
  name,
  oneOf,
  oneOrMore,
  packages,
  required,
  rulePath,
  string,
  sysroot,
  variables,
  whole,
  withPlaceholders,
} from "./value_types.ts";

export const DEFAULTS = v.strictObject({
  interpreter: v.optional(
    described(
      ids,
      "Interpreters for programs without a rule or a list for their machine: IDs from " +
        "[interpreters]. The first one that supports the program and is installed runs it.",
    ),
    [],
  ),
  log_level: v.optional(
    described(
      oneOf("trace", "debug", "info", "warn", "error", "off"),
      "Accepted for compatibility, without effect. Starting a program prints nothing; " +
        "BINFMT_DISPATCHER_LOG_LEVEL=debug explains each start.",
    ),
    "warn",
  ),
  ask: v.optional(
    described(flag, "Whether a start offers to install what is missing, if a person is there."),
    true,
  ),
});

export const MACHINE = v.strictObject({
  interpreter: described(
    ids,
    "Interpreters for this machine's programs, before those of [defaults].",
  ),
});

export const INTERPRETER = v.strictObject({
  name: v.optional(described(name, "Name for people. Default: the ID.")),
  path: v.optional(
    described(
      withPlaceholders(
        MACHINE_WORDS,
        v.union([
          homePath,
          v.pipe(list(homePath, "a path"), v.minLength(1, "at least one path")),
        ], "a path that begins with / or ~/, or a list of them"),
      ),
      "Path of the interpreter, or a list of paths, of which the first that exists is used. " +
        "{machine}, {gnu} and {debian} stand for the program's machine as qemu, GNU and Debian " +
        "name it.",
    ),
  ),
  args: v.optional(
    described(
      withPlaceholders(ARGUMENT_WORDS, list(argument, "a list of strings")),
      "Arguments of the interpreter; the program's own follow. {program}, {argv0}, {sysroot}, " +
        "{machine}, {gnu} and {debian} are replaced.",
    ),
    ["{program}"],
  ),
  env: v.optional(
    described(
      variables,
      "Variables added to the environment. { default = " +
        '"value" } applies only if the caller has not set the variable; false removes it. ' +
        "{program}, {argv0}, {sysroot}, {machine}, {gnu} and {debian} are replaced.",
    ),
    {},
  ),
  machines: v.optional(
    described(
      oneOrMore(name, "a machine's name"),
      "Machines (as qemu names them) and formats that it supports. Default: all machines if a " +
        "path contains {machine}, the machine of a path named qemu-MACHINE or " +
        "qemu-MACHINE-static, else x86_64 and i386.",
    ),
  ),
  linkage: v.optional(
    described(oneOf("static", "dynamic", "both"), "Which programs it can run, by linkage."),
    "both",
  ),
  sysroot: v.optional(
    described(
      withPlaceholders(
        MACHINE_WORDS,
        oneOrMore(sysroot, "an absolute path, or a variable such as $NAME"),
      ),
      "A dynamic program's loader must exist below one of these directories; {sysroot} in " +
        "args is that directory. $NAME is the value of a variable, if it is set. An empty list " +
        "disables the check. {machine}, {gnu} and {debian} are replaced.",
    ),
    [],
  ),
  required_paths: v.optional(
    described(
      required,
      "Files and directories that must exist besides the interpreter: all of them, or any one " +
        "of an inner list. They may begin with ~/ or {XDG_DATA_HOME}/. {machine}, {gnu} and " +
        "{debian} are replaced. $NAME requires that the variable is set and not empty.",
    ),
    [],
  ),
  dynamic_required_paths: v.optional(
    described(required, "Like required_paths, but for dynamic programs only."),
    [],
  ),
  packages: v.optional(
    described(
      packages,
      "What to install, by package manager (apt, dnf, pacman, zypper, rpm-ostree); only " +
        "from system layers. {machine}, {gnu} and {debian} are replaced; a trailing ? marks a " +
        "package as optional.",
    ),
    {},
  ),
  hint: v.optional(described(name, "What to tell the user if no package manager can help.")),
  use_muvm: v.optional(
    described(flag, "Run it inside muvm if the kernel's page size is not [muvm] page_size."),
    false,
  ),
});

export const MUVM = v.strictObject({
  path: v.optional(described(absolutePath, "Path of muvm."), "/usr/bin/muvm"),
  page_size: v.optional(
    described(
      v.picklist([4096, 16384, 65536], "4096, 16384 or 65536"),
      "Page size inside muvm, in bytes. If the host has another one, programs run in muvm.",
    ),
    4096,
  ),
  args: v.optional(described(list(argument, "a list of strings"), "Arguments for muvm."), ["-i"]),
  tty_args: v.optional(
    described(
      list(argument, "a list of strings"),
      "Further arguments if standard input, output and error are all terminals.",
    ),
    ["-t"],
  ),
  forward_env: v.optional(described(flag, "Forward the environment to the program inside."), true),
  never_forward: v.optional(
    described(
      list(
        string("a variable's name, with or without a trailing *", /^[A-Za-z_][A-Za-z0-9_]*\*?$/),
        "a list of names",
      ),
      "Variables that are not forwarded, because the guest has its own; a trailing * matches " +
        "any suffix.",
    ),
    [],
  ),
  linger: v.optional(
    described(
      whole(0, 86400),
      "Minimum time in seconds that a virtual machine stays up once started.",
    ),
    300,
  ),
  required_paths: v.optional(
    described(required, "Files and directories that must exist besides muvm, as for interpreters."),
    [],
  ),
  packages: v.optional(described(packages, "What to install for muvm, as for interpreters."), {}),
});

export const FORMAT = v.strictObject({
  extension: v.optional(
    described(
      string("a file name extension without the dot", /^[A-Za-z0-9_+-]{1,32}$/),
      "File name extension of this format, without the dot. Set either this or magic.",
    ),
  ),
  magic: v.optional(
    described(
      magic,
      "Bytes that files of this format have at offset, written as in binfmt.d: 'MZ', '\\x7fELF'.",
    ),
  ),
  mask: v.optional(
    described(
      magic,
      "Which bits of the magic count, in the same notation and length. Default: all.",
    ),
  ),
  offset: v.optional(
    described(
      whole(0, MAX_MAGIC_END - 1),
      `Position of the magic in the file; it must end within the first ${MAX_MAGIC_END} bytes.`,
    ),
    0,
  ),
  clr: v.optional(
    described(
      flag,
      "Only files that also have a CLR header: .NET programs, which share the magic MZ with " +
        "Windows programs.",
    ),
    false,
  ),
  interpreter: v.optional(
    described(ids, "Interpreters for files of this format. An empty list disables the format."),
    [],
  ),
});

export const RULE = v.strictObject({
  path: v.optional(
    described(
      oneOrMore(rulePath, "a path that begins with /, ~/ or *"),
      "Programs that the rule applies to: an exact path, a directory with everything below it " +
        "(ends in /), or a pattern with * ? […] {a,b} and ** (which also matches /). An empty " +
        "list disables the rule.",
    ),
  ),
  interpreter: v.optional(
    described(ids, "Interpreters for these programs. An empty list disables the rule."),
  ),
});

const section = <T extends v.GenericSchema>(entry: T, description: string) =>
  v.optional(described(v.record(name, entry), description));

/** A whole layer. */
export const LAYER = v.strictObject({
  defaults: v.optional(described(DEFAULTS, "Defaults for all programs.")),
  muvm: v.optional(
    described(
      MUVM,
      "The virtual machine for interpreters that need another page size than the host has.",
    ),
  ),
  machines: section(MACHINE, "Lists of interpreters for single machines, by qemu's name."),
  interpreters: section(INTERPRETER, "Programs that run foreign programs, by ID."),
  formats: section(FORMAT, "Formats of program files other than ELF, by ID."),
  binaries: section(RULE, "Rules for single programs and directories, by ID."),
});

/** The keys of each kind of table, which are checked one by one. */
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
