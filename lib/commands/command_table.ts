/** The commands and options, for the parser, the help and the completions. */
import { CHECK_IDS } from "../doctor/ids.ts";
import { MACHINES, NATIVE } from "../elf/machines.ts";
import { HANDLER, LINKS, RESOLVER, SYSTEM_TABLES } from "../paths.ts";

export interface Option {
  /** Without its dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Placeholder of the value; undefined for a flag. "DIR" and "PATH" complete as paths. */
  readonly value?: string;
  /** May be given more than once. */
  readonly many?: boolean;
  /** Values that completion offers. */
  readonly values?: readonly string[];
  /** No other values are valid. */
  readonly only?: boolean;
  readonly help: string;
  /** Not documented: used only by other parts of binfmt-dispatcher. */
  readonly hidden?: boolean;
}

export interface CommandEntry {
  /** One or two words: "config show". */
  readonly name: string;
  /** As shown in help: "PROGRAM". */
  readonly operands: string;
  /** The minimum and maximum number of operands. */
  readonly count: readonly [number, number];
  /** All arguments after the first operand are passed to the program. */
  readonly passes?: boolean;
  /** Has no option --root: it uses the running system, or none. */
  readonly noRoot?: boolean;
  /** Operands that completion offers; undefined: paths. */
  readonly values?: readonly string[];
  /** No other operands are valid. */
  readonly only?: boolean;
  readonly summary: string;
  /** Paragraphs below the usage. */
  readonly details: readonly string[];
  readonly options: readonly Option[];
  /** Arguments after the program's name, and what they do. */
  readonly examples: readonly (readonly [string, string])[];
}

/** Options that may precede any command. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  { name: "root", value: "DIR", help: "Operate on the system below DIR, as in image builds" },
  { name: "help", short: "h", help: "Show help" },
  { name: "version", short: "V", help: "Print version" },
];

const JSON_OPTION: Option = { name: "json", help: "Print JSON" };
const HOSTS = Object.keys(NATIVE);
const HOST_OPTION: Option = {
  name: "host",
  value: "MACHINE",
  values: HOSTS,
  help: `Host machine (${HOSTS.join(" or ")}; default: this one)`,
};
const IMAGE_HOST_OPTION: Option = {
  ...HOST_OPTION,
  only: true,
  help: `Host machine (${HOSTS.join(" or ")}; default: that of --root)`,
};
const WITH_OPTION: Option = {
  name: "with",
  value: "ID",
  help: "Use this interpreter, then show how to make that permanent",
};
/** Formats from the configuration are valid, too. */
const WHAT: readonly string[] = MACHINES.map(({ name }) => name);
const MANY = Number.POSITIVE_INFINITY;

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "explain",
    operands: "PROGRAM",
    count: [1, 1],
    summary: "Explain which interpreter runs a program, and why",
    details: [
      "PROGRAM is a path, or a name in PATH. Prints the program's header, each configuration " +
      "layer, the matching rule, each candidate with what it needs and what is missing, and the " +
      "exact command line.",
    ],
    options: [WITH_OPTION, JSON_OPTION, IMAGE_HOST_OPTION],
    examples: [["explain ./game", "Which interpreter would run it, and why"]],
  },
  {
    name: "run",
    operands: "PROGRAM [ARGUMENT…]",
    count: [1, MANY],
    noRoot: true,
    passes: true,
    summary: "Run a program without registration",
    details: [
      "Starts the native handler directly, so that no binfmt_misc entry is needed. All arguments " +
      "after PROGRAM are passed to it.",
    ],
    options: [WITH_OPTION],
    examples: [
      ["run ./game --fullscreen", "Run it with one argument"],
      ["run --with qemu ./game", "Run it with QEMU, regardless of the configuration"],
    ],
  },
  {
    name: "config show",
    operands: "",
    count: [0, 0],
    summary: "Print the effective configuration",
    details: ["Each value is followed by the file and line that set it."],
    options: [JSON_OPTION, IMAGE_HOST_OPTION],
    examples: [],
  },
  {
    name: "config check",
    operands: "[FILE…]",
    count: [0, MANY],
    summary: "Report all errors and warnings in the configuration",
    details: [
      "Checks each FILE as a layer, or without FILE all layers of this system. The exit status " +
      "is 1 if there is an error.",
    ],
    options: [IMAGE_HOST_OPTION],
    examples: [["config check ./new.toml", "Check a file before installing it"]],
  },
  {
    name: "config schema",
    operands: "",
    count: [0, 0],
    noRoot: true,
    summary: "Print the JSON Schema of a layer, for editors",
    details: [],
    options: [],
    examples: [],
  },
  {
    name: "binfmt",
    operands: "",
    count: [0, 0],
    summary: "Print lines for binfmt.d and binfmt_misc",
    details: [
      "The default machines are x86_64 and i386 on aarch64 hosts; x86_64 hosts have none. The " +
      "host's own machine and machines that its kernel runs natively are refused.",
      "FLAGS are those of binfmt_misc: P, PO or POF (the default) for the handler.",
    ],
    options: [
      {
        name: "machine",
        value: "MACHINE",
        many: true,
        values: WHAT,
        help: "Machine, or format from the configuration; may be repeated",
      },
      HOST_OPTION,
      { name: "flags", value: "FLAGS", values: ["P", "PO", "POF"], help: "Flags of the entry" },
      { name: "direct", help: "Name the first installed interpreter instead of the handler" },
      { name: "handler", value: "PATH", help: `Path of the handler (default: ${HANDLER})` },
    ],
    examples: [["binfmt --machine aarch64 --machine riscv64", "Lines for two machines"]],
  },
  {
    name: "enable",
    operands: "[WHAT…]",
    count: [0, MANY],
    values: WHAT,
    summary: "Register binfmt-dispatcher for a machine or format",
    details: [
      "WHAT is a machine, or a format from the configuration. Without it, lists all of them: " +
      "whether each is enabled, which interpreter would run it, and which binfmt_misc entry " +
      "takes it now.",
      "Needs root. Takes effect at once, and at each boot through a link in " + LINKS + ". If no " +
      "program could be started with a new entry, it is removed again. Entries of other programs " +
      "stay, with lower priority.",
    ],
    options: [IMAGE_HOST_OPTION],
    examples: [["enable riscv64", "Run riscv64 programs directly from now on"]],
  },
  {
    name: "disable",
    operands: "[WHAT…]",
    count: [0, MANY],
    values: WHAT,
    summary: "Undo “enable”",
    details: ["Entries of other programs for the same machine or format take effect again."],
    options: [IMAGE_HOST_OPTION],
    examples: [["disable riscv64", "Leave riscv64 programs to other entries, if any"]],
  },
  {
    name: "handler",
    operands: "",
    count: [0, 0],
    noRoot: true,
    summary: "Write the native handler, an ELF program, to stdout",
    details: [],
    options: [
      HOST_OPTION,
      { name: "resolver", value: "PATH", help: `Path of the resolver (default: ${RESOLVER})` },
      {
        name: "tables",
        value: "DIR",
        help: `Directory of route tables (default: ${SYSTEM_TABLES})`,
      },
      {
        name: "fallback",
        many: true,
        value: "PATH",
        help: "Static qemu-MACHINE to embed, for containers; may be repeated",
      },
      { name: "symbols", help: "Add symbols for gdb and perf" },
    ],
    examples: [["handler --host aarch64 > handler", "The handler for another machine"]],
  },
  {
    name: "routes",
    operands: "",
    count: [0, 0],
    summary: "Compile the configuration and write the route table to stdout",
    details: [],
    options: [
      { name: "dump", help: "Print it as text" },
      {
        name: "format",
        value: "VERSION",
        help: "Format version of the table (used by the handler)",
      },
      { name: "system", help: "Use the system's layers only, not the user's" },
    ],
    examples: [],
  },
  {
    name: "install",
    operands: "[WHAT]",
    count: [0, 1],
    noRoot: true,
    summary: "Install what a program needs to run",
    details: [
      "WHAT is a program, by its path or its name in PATH, or an interpreter's ID. The default " +
      "is what x86_64 programs need, or on x86_64 hosts aarch64 programs. Asks on the terminal, " +
      "or without one in a window. Users other than root authenticate through polkit; the " +
      "package list always comes from the system configuration.",
    ],
    options: [
      {
        name: "machine",
        value: "MACHINE",
        values: WHAT,
        help: "Install for this machine, or format from the configuration",
      },
      { name: "yes", short: "y", help: "Assume yes" },
      { name: "dry-run", help: "Print the commands without running them" },
      {
        name: "started",
        value: "PROGRAM",
        hidden: true,
        help: "Program that the handler could not start, percent-encoded",
      },
      { name: "hold", hidden: true, help: "Wait for Enter after a failure" },
    ],
    examples: [
      ["install ./game", "Install what this program needs"],
      ["install --machine riscv64", "Install what riscv64 programs need"],
      ["install fex", "Install FEX, by its ID in the configuration"],
    ],
  },
  {
    name: "open",
    operands: "FILE",
    count: [1, 1],
    noRoot: true,
    summary: "Run a program from a file manager",
    details: [
      "Asks before it makes a file executable, offers to install what is missing, and shows " +
      "errors in a window.",
    ],
    options: [],
    examples: [["open ./game", "Run it as a file manager does"]],
  },
  {
    name: "doctor",
    operands: "[CHECK…]",
    count: [0, MANY],
    noRoot: true,
    values: CHECK_IDS,
    only: true,
    summary: "Check everything that running foreign programs depends on",
    details: [
      "Prints the state of each CHECK (good, warning, bad or unknown), and for problems what " +
      "they affect and how to fix them. Changes nothing, and prints no user names, so the output " +
      "can go into a bug report. The exit status is 1 if a check is bad.",
    ],
    options: [{ name: "list", help: "List the checks" }, JSON_OPTION],
    examples: [
      ["doctor", "Run all checks, except those that change something"],
      ["doctor entries start", "Run two of them"],
    ],
  },
  {
    name: "vm start",
    operands: "",
    count: [0, 0],
    noRoot: true,
    summary: "Start muvm's virtual machine if it is not running",
    details: [
      "The first program in a new virtual machine has neither pipes nor an exit status of its " +
      "own, so the handler starts the machine beforehand. It stays up for at least [muvm] linger " +
      "seconds.",
    ],
    options: [],
    examples: [],
  },
  {
    name: "completions",
    operands: "SHELL",
    count: [1, 1],
    noRoot: true,
    values: ["bash", "zsh", "fish"],
    only: true,
    summary: "Print shell completions for bash, zsh or fish",
    details: [
      "Shells look for them below your home directory: bash in .local/share/bash-completion/" +
      "completions/binfmt-dispatcher, fish in .config/fish/completions/binfmt-dispatcher.fish; " +
      "zsh in a directory of its fpath, as _binfmt-dispatcher.",
    ],
    options: [],
    examples: [["completions bash > FILE", "Completions for bash"]],
  },
];

/** All options of a command. */
export function allOptionsOf({ options, noRoot }: CommandEntry): readonly Option[] {
  return [...options, ...GLOBAL_OPTIONS.filter(({ name }) => name !== "root" || noRoot !== true)];
}

/** All documented options of a command. */
export function optionsOf(entry: CommandEntry): readonly Option[] {
  return allOptionsOf(entry).filter(({ hidden }) => hidden !== true);
}
