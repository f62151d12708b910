/** What the command line offers: the one table behind its parser, its help and its completions. */
import { CHECK_IDS } from "../doctor/ids.ts";
import { MACHINES, NATIVE } from "../elf/machines.ts";
import { HANDLER, LINKS, RESOLVER, SYSTEM_TABLES } from "../paths.ts";

export interface Option {
  /** Without its dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What stands for its value; none: a flag. "DIR" and "PATH" are completed as paths. */
  readonly value?: string;
  /** May be given more than once. */
  readonly many?: boolean;
  /** Those that completion offers. */
  readonly values?: readonly string[];
  /** There are no others. */
  readonly only?: boolean;
  readonly help: string;
  /** For other parts of this program, not for people. */
  readonly hidden?: boolean;
}

export interface CommandEntry {
  /** One or two words: "config show". */
  readonly name: string;
  /** As help shows them: "PROGRAM". */
  readonly operands: string;
  /** The least and most of them. */
  readonly count: readonly [number, number];
  /** Everything after the first operand is the program's. */
  readonly passes?: boolean;
  /** It looks at the system that runs, or at none: --root is none of its options. */
  readonly here?: boolean;
  /** Operands' only values; none: paths. */
  readonly values?: readonly string[];
  /** Operands may have other values, too. */
  readonly freely?: boolean;
  readonly summary: string;
  /** Paragraphs below the usage. */
  readonly details: readonly string[];
  readonly options: readonly Option[];
  /** Arguments after the program's name, and what they do. */
  readonly examples: readonly (readonly [string, string])[];
}

/** What stands before a command; behind it, too, where it has a meaning. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  { name: "root", value: "DIR", help: "Read the system below DIR (image builds)" },
  { name: "help", short: "h", help: "Say how a command is used" },
  { name: "version", short: "V", help: "Say which version this is" },
];

const JSON_OPTION: Option = { name: "json", help: "Answer in JSON, for programs" };
const HOSTS = Object.keys(NATIVE);
const HOST_OPTION: Option = {
  name: "host",
  value: "MACHINE",
  values: HOSTS,
  help: `The machine it is for (${HOSTS.join(" or ")}; default: this one)`,
};
const IMAGE_HOST_OPTION: Option = {
  ...HOST_OPTION,
  only: true,
  help: `The machine that it is looked at for (${HOSTS.join(" or ")}; default: that of --root)`,
};
const WITH_OPTION: Option = {
  name: "with",
  value: "ID",
  help: "With this interpreter, and then tell what would keep it so",
};
/** Formats of the configuration are others. */
const WHAT: readonly string[] = MACHINES.map(({ name }) => name);
const MANY = Number.POSITIVE_INFINITY;

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "explain",
    operands: "PROGRAM",
    count: [1, 1],
    summary: "Say why a program runs as it does",
    details: [
      "PROGRAM is a path, or a name on PATH. Shown are the program's header, each layer of " +
      "configuration, the rule that matches, each interpreter with what is there and what is " +
      "missing, and the exact command line.",
    ],
    options: [WITH_OPTION, JSON_OPTION, IMAGE_HOST_OPTION],
    examples: [["explain ./game", "Which interpreter would run it, and why"]],
  },
  {
    name: "run",
    operands: "PROGRAM [ARGUMENT…]",
    count: [1, MANY],
    here: true,
    passes: true,
    summary: "Run a program as its registration would",
    details: [
      "Starts the native handler, for use without a registration. What follows PROGRAM is its own.",
    ],
    options: [WITH_OPTION],
    examples: [
      ["run ./game --fullscreen", "Run it with one argument"],
      ["run --with qemu ./game", "Run it with QEMU, whatever is configured"],
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
    summary: "Report every fault of the configuration",
    details: ["Checks the FILEs as layers, or those of this system; status 1 if one is faulty."],
    options: [IMAGE_HOST_OPTION],
    examples: [["config check ./new.toml", "Check a file before installing it"]],
  },
  {
    name: "config schema",
    operands: "",
    count: [0, 0],
    here: true,
    summary: "Print the JSON Schema of a layer, for editors",
    details: [],
    options: [],
    examples: [],
  },
  {
    name: "binfmt",
    operands: "",
    count: [0, 0],
    summary: "Print lines for /usr/lib/binfmt.d and binfmt_misc",
    details: [
      "Default machines are x86_64 and i386 on aarch64 hosts, none on x86_64 hosts. Refused are " +
      "the host's own machine and what its kernel runs itself.",
      "Flags are those of the kernel's binfmt_misc: P, PO or POF (the default) for the handler.",
    ],
    options: [
      {
        name: "machine",
        value: "MACHINE",
        many: true,
        values: WHAT,
        help: "A machine, or a format of the configuration; may be repeated",
      },
      HOST_OPTION,
      { name: "flags", value: "FLAGS", values: ["P", "PO", "POF"], help: "The entry's flags" },
      { name: "direct", help: "Name the first installed interpreter instead of the handler" },
      { name: "handler", value: "PATH", help: `Where the handler stands (default: ${HANDLER})` },
    ],
    examples: [["binfmt --machine aarch64 --machine riscv64", "Lines for two machines"]],
  },
  {
    name: "enable",
    operands: "[WHAT…]",
    count: [0, MANY],
    values: WHAT,
    freely: true,
    summary: "Have programs of a machine or format run through binfmt-dispatcher",
    details: [
      "WHAT is a machine, or a format of the configuration; without it a table says what there " +
      "is, what is wanted, who gets such programs from the kernel and what would run them here.",
      "Needs root. The kernel is told at once, and at each boot by a link in " + LINKS + ". An " +
      "entry with which nothing could be started any more is taken back. Entries of others that " +
      "were there stay, and come after it.",
    ],
    options: [IMAGE_HOST_OPTION],
    examples: [["enable riscv64", "From now on riscv64 programs run by their names"]],
  },
  {
    name: "disable",
    operands: "[WHAT…]",
    count: [0, MANY],
    values: WHAT,
    freely: true,
    summary: "Take back what enable did",
    details: ["Entries of others that enable outranked have their programs again."],
    options: [IMAGE_HOST_OPTION],
    examples: [["disable riscv64", "Leave riscv64 programs to others, or to nobody"]],
  },
  {
    name: "handler",
    operands: "",
    count: [0, 0],
    here: true,
    summary: "Write the native handler, an ELF program, to stdout",
    details: [],
    options: [
      HOST_OPTION,
      { name: "resolver", value: "PATH", help: `What it starts (default: ${RESOLVER})` },
      { name: "tables", value: "DIR", help: `Where tables stand (default: ${SYSTEM_TABLES})` },
      {
        name: "fallback",
        many: true,
        value: "PATH",
        help: "A static qemu-MACHINE to carry along, for containers; may be repeated",
      },
      { name: "symbols", help: "Add symbols, for gdb and perf" },
    ],
    examples: [["handler --host aarch64 > handler", "The handler for another machine"]],
  },
  {
    name: "routes",
    operands: "",
    count: [0, 0],
    summary: "Write the route table, compiled from the configuration, to stdout",
    details: [],
    options: [
      { name: "dump", help: "Say it in words" },
      { name: "format", value: "VERSION", help: "The table's format (handlers ask for theirs)" },
      { name: "system", help: "From the system's layers only, not the user's" },
    ],
    examples: [],
  },
  {
    name: "install",
    operands: "[WHAT]",
    count: [0, 1],
    here: true,
    summary: "Install what a program needs to run here",
    details: [
      "WHAT is a program's path, a name on PATH, or an interpreter's ID; by default what " +
      "programs of the other usual machine need. What is missing is offered: on the terminal, " +
      "else in a window. Packages are those that root's configuration names; others than root " +
      "are asked for an administrator's password.",
    ],
    options: [
      {
        name: "machine",
        value: "MACHINE",
        values: WHAT,
        help: "For programs of this machine, or format of the configuration",
      },
      { name: "yes", short: "y", help: "Do not ask" },
      { name: "dry-run", help: "Only print the commands" },
      {
        name: "started",
        value: "PROGRAM",
        hidden: true,
        help: "Percent-encoded: the handler's",
      },
      { name: "hold", hidden: true, help: "Wait before a terminal is closed" },
    ],
    examples: [
      ["install ./game", "What this program needs"],
      ["install --machine riscv64", "What riscv64 programs need"],
      ["install fex", "FEX, by its ID in the configuration"],
    ],
  },
  {
    name: "open",
    operands: "FILE",
    count: [1, 1],
    here: true,
    summary: "Run a program from a file manager",
    details: [
      "Asks before a file that is not executable becomes so, offers what is missing, and tells " +
      "in a window what went wrong.",
    ],
    options: [],
    examples: [["open ./game", "As a file manager does"]],
  },
  {
    name: "doctor",
    operands: "[CHECK…]",
    count: [0, MANY],
    here: true,
    values: CHECK_IDS,
    summary: "Look at all that takes part in a start, and say what is wrong",
    details: [
      "Each CHECK is shown with its state (good, warning, bad, unknown), and where that is not " +
      "good with what it affects and what mends it. Nothing is changed, and nothing tells who " +
      "asks, so it can go into a report. Status 1 if something is bad.",
    ],
    options: [{ name: "list", help: "Only say which checks there are" }, JSON_OPTION],
    examples: [
      ["doctor", "All checks, but for those that change something"],
      ["doctor entries start", "Two of them"],
    ],
  },
  {
    name: "vm start",
    operands: "",
    count: [0, 0],
    here: true,
    summary: "Start muvm's virtual machine, if it does not run yet",
    details: [
      "The first program in a new machine would have neither pipes nor a status of its own, so " +
      "the handler starts a machine before it: one that lingers as long as [muvm] linger says.",
    ],
    options: [],
    examples: [],
  },
  {
    name: "completions",
    operands: "SHELL",
    count: [1, 1],
    here: true,
    values: ["bash", "zsh", "fish"],
    summary: "Print completions for bash, zsh or fish",
    details: [
      "Shells look for them below your home: bash in .local/share/bash-completion/completions/" +
      "binfmt-dispatcher, fish in .config/fish/completions/binfmt-dispatcher.fish; zsh in a " +
      "folder of its fpath, as _binfmt-dispatcher.",
    ],
    options: [],
    examples: [["completions bash > FILE", "Completions for bash"]],
  },
];

/** All that a command understands. */
export function allOptionsOf({ options, here }: CommandEntry): readonly Option[] {
  return [...options, ...GLOBAL_OPTIONS.filter(({ name }) => name !== "root" || here !== true)];
}

/** The same, as people are told of it. */
export function optionsOf(entry: CommandEntry): readonly Option[] {
  return allOptionsOf(entry).filter(({ hidden }) => hidden !== true);
}
