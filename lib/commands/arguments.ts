/** Parses the command line. It is pure, so that it can be tested without a process. */
import { parseArgs } from "@std/cli";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { suggest } from "../suggest.ts";
import type { Command, Install } from "./command.ts";
import {
  allOptionsOf,
  type CommandEntry,
  COMMANDS,
  GLOBAL_OPTIONS,
  type Option,
} from "./command_table.ts";

interface Parsed {
  readonly flag: (name: string) => boolean;
  /** The last value given. */
  readonly value: (name: string) => string | undefined;
  /** All values of an option that may be repeated. */
  readonly values: (name: string) => readonly string[];
  readonly operands: readonly string[];
}

const PRIVILEGED = "privileged-install";

function usage(what: string, why: string, hint = tryHelp()): Failure {
  return { code: "usage", what, why, hint };
}

function tryHelp(command = ""): string {
  return `Try “${
    ["binfmt-dispatcher", command, "--help"].filter((word) => word !== "").join(" ")
  }”.`;
}

export function parseCommand(args: readonly string[]): Result<Command> {
  // The part that runs as root takes one argument and no options.
  if (args[0] === PRIVILEGED) return privileged(args);
  const [path, ...after] = args;
  // Commands contain no slash, and binfmt_misc passes a path.
  if (path?.includes("/") && !path.startsWith("-")) {
    return success({ kind: "registered", program: path, args: after });
  }
  const global = parse(args, GLOBAL_OPTIONS, true, "binfmt-dispatcher");
  if (!global.ok) return global;
  const [first, ...rest] = global.value.operands;
  if (global.value.flag("version")) return success({ kind: "version" });
  if (first === undefined) {
    if (global.value.flag("help")) return success({ kind: "help", entries: COMMANDS });
    return failed(usage("parse the command line", "no command given"));
  }
  const actions = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  const wantsHelp = rest.length === 0 ? global.value.flag("help") : /^(-h|--help)$/.test(rest[0]!);
  if (actions.length > 0 && wantsHelp) return success({ kind: "help", entries: actions });
  const found = findEntry(first, rest, actions);
  if (!found.ok) return found;
  const { entry, rest: operands } = found.value;
  const parsed = parse(operands, allOptionsOf(entry), entry.passes === true, entry.name);
  if (!parsed.ok) return parsed;
  if (parsed.value.flag("version")) return success({ kind: "version" });
  if (global.value.flag("help") || parsed.value.flag("help")) {
    return success({ kind: "help", entries: [entry] });
  }
  const fault = operandFault(entry, parsed.value.operands);
  if (fault !== undefined) return failed(fault);
  const root = parsed.value.value("root") ?? global.value.value("root") ?? "";
  if (root !== "" && entry.noRoot === true) {
    return failed(usage(`run “${entry.name}”`, "it does not support --root"));
  }
  return success(toCommand(entry, parsed.value, root));
}

function privileged(args: readonly string[]): Result<Command> {
  const [, need] = args;
  if (need !== undefined && args.length === 2) {
    return success({ kind: PRIVILEGED, need });
  }
  return failed(usage(`run “${PRIVILEGED}”`, "it takes exactly one argument: ID@MACHINE"));
}

/** The command for the first one or two words, and the words after them. */
function findEntry(
  first: string,
  rest: readonly string[],
  actions: readonly CommandEntry[],
): Result<{ entry: CommandEntry; rest: readonly string[] }> {
  const entry = COMMANDS.find(({ name }) => name === first);
  if (entry !== undefined) return success({ entry, rest });
  const second = rest[0] ?? "";
  const action = actions.find(({ name }) => name === `${first} ${second}`);
  if (action !== undefined) return success({ entry: action, rest: rest.slice(1) });
  if (actions.length > 0) {
    const names = actions.map(({ name }) => name.slice(first.length + 1));
    const why = second === "" || second.startsWith("-")
      ? `no action given, expected ${names.join(", ")}`
      : `“${second}” is not one of ${names.join(", ")}`;
    const hint = meant(second, names, `${first} `) ?? tryHelp(first);
    return failed(usage(`run “${first}”`, why, hint));
  }
  const words = [...new Set(COMMANDS.map(({ name }) => name.split(" ")[0]!))];
  return failed(usage(`run “${first}”`, "no such command", meant(first, words)));
}

function meant(word: string, known: Iterable<string>, before = ""): string | undefined {
  const near = suggest(word, known);
  return near === undefined ? undefined : `Did you mean “${before}${near}”?`;
}

/** Parses the options of a command, and rejects what parseArgs() would accept silently. */
function parse(
  args: readonly string[],
  options: readonly Option[],
  stopEarly: boolean,
  command: string,
): Result<Parsed> {
  let fault: Failure | undefined;
  const help = tryHelp(command === "binfmt-dispatcher" ? "" : command);
  const names = (which: (option: Option) => boolean) =>
    options.filter(which).map(({ name }) => name);
  const shorts = options.flatMap(({ short, name }) => short === undefined ? [] : [[short, name]]);
  const unknown = (arg: string, key?: string) => {
    if (key === undefined) return true;
    const written = arg.replace(/=.*/s, "");
    const known = options.map(({ name }) => name);
    const why = `${command} has no such option`;
    const hint = meant(written.replace(/^-+/, ""), known, "--") ?? help;
    fault ??= usage(`understand “${written}”`, why, hint);
    return false;
  };
  const flags = names(({ value }) => value === undefined);
  const empty = args.slice(0, endOfOptions(args, stopEarly)).find((arg) => /^--[^=]+=$/.test(arg));
  if (empty !== undefined) {
    return failed(usage(`understand “${empty}”`, "its value is empty", help));
  }
  const parsed: Record<string, unknown> = parseArgs(withFlagsSet(args, flags, stopEarly), {
    string: ["_", ...names(({ value }) => value !== undefined)],
    boolean: flags,
    collect: names(({ many }) => many === true),
    alias: Object.fromEntries(shorts),
    stopEarly,
    "--": true,
    unknown,
  });
  if (fault !== undefined) return failed(fault);
  for (const { name, value } of options) {
    if (value === undefined || ![parsed[name]].flat().includes("")) continue;
    return failed(usage(`understand “--${name}”`, `it needs a value: --${name}=${value}`, help));
  }
  for (const { name, values, only } of options) {
    const given = parsed[name] as string | undefined;
    if (only !== true || given === undefined || values?.includes(given)) continue;
    const why = `“${given}” is not one of ${values?.join(", ")}`;
    return failed(usage(`understand “--${name}”`, why, meant(given, values ?? []) ?? help));
  }
  const operands = parsed["_"] as string[];
  const after = parsed["--"] as string[];
  // After a program, `--` is one of the program's own arguments.
  const terminator = stopEarly && operands.length > 0 && args.includes("--") ? ["--"] : [];
  return success({
    flag: (name) => parsed[name] === true,
    value: (name) => parsed[name] as string | undefined,
    values: (name) => parsed[name] as string[],
    operands: [...operands, ...terminator, ...after],
  });
}

/** The index at which options end: at `--`, or at the first operand. */
function endOfOptions(args: readonly string[], stopEarly: boolean): number {
  const found = args.findIndex((arg) => arg === "--" || (stopEarly && !arg.startsWith("-")));
  return found < 0 ? args.length : found;
}

/** Gives each flag a value: parseArgs() would take a program named “true” after it for one. */
function withFlagsSet(
  args: readonly string[],
  flags: readonly string[],
  stopEarly: boolean,
): string[] {
  const options = endOfOptions(args, stopEarly);
  const isFlag = (arg: string) => flags.some((flag) => arg === `--${flag}`);
  return args.map((arg, i) => i < options && isFlag(arg) ? `${arg}=true` : arg);
}

function operandFault(entry: CommandEntry, operands: readonly string[]): Failure | undefined {
  const [least, most] = entry.count;
  const what = `run “${entry.name}”`;
  const how = `Usage: binfmt-dispatcher ${entry.name} ${entry.operands}`.trimEnd();
  const missing = entry.operands.split(" ")[0];
  if (operands.length < least) return usage(what, `${missing} is missing`, how);
  // An empty argument of the program itself is its own business.
  const own = entry.passes === true ? operands.slice(0, least) : operands;
  if (own.includes("")) return usage(what, "an argument is empty", how);
  const extra = operands[most];
  if (extra !== undefined) return usage(what, `unexpected argument “${extra}”`, how);
  const { values = [], only } = entry;
  const wrong = only === true ? operands.find((each) => !values.includes(each)) : undefined;
  if (wrong === undefined) return undefined;
  const hint = meant(wrong, values) ?? tryHelp(entry.name);
  return usage(what, `“${wrong}” is not one of ${values.join(", ")}`, hint);
}

/** Decodes the program that the handler passes percent-encoded, if it is UTF-8. */
function decoded(started: string | undefined): string | undefined {
  try {
    return started === undefined ? undefined : decodeURIComponent(started);
  } catch {
    return started;
  }
}

function installOf({ flag, value, operands }: Parsed): Install {
  return {
    kind: "install",
    what: operands[0],
    target: value("machine"),
    yes: flag("yes"),
    dry_run: flag("dry-run"),
    started: decoded(value("started")),
    hold: flag("hold"),
  };
}

function toCommand(entry: CommandEntry, parsed: Parsed, root: string): Command {
  const { flag, value, values, operands } = parsed;
  const [operand = "", ...args] = operands;
  const host = value("host");
  const interpreter = value("with");
  const picked = interpreter === undefined ? {} : { with: interpreter };
  const image = { root, ...(host === undefined ? {} : { host }) };
  switch (entry.name) {
    case "explain":
      return { kind: "explain", ...image, program: operand, json: flag("json"), ...picked };
    case "run":
      return { kind: "run", program: operand, args, ...picked };
    case "config show":
    case "config check":
    case "config schema":
      return {
        kind: "config",
        ...image,
        action: entry.name.replace("config ", "") as "show" | "check" | "schema",
        json: entry.name === "config show" && flag("json"),
        files: operands,
      };
    case "enable":
    case "disable":
      return { kind: entry.name, ...image, names: operands };
    case "binfmt":
      return {
        kind: "binfmt",
        root,
        machines: values("machine"),
        host,
        flags: value("flags"),
        direct: flag("direct"),
        handler: value("handler"),
      };
    case "handler":
      return {
        kind: "handler",
        host,
        resolver: value("resolver"),
        tables: value("tables"),
        symbols: flag("symbols"),
        fallbacks: values("fallback"),
      };
    case "routes":
      return {
        kind: "routes",
        root,
        dump: flag("dump"),
        format: value("format"),
        system: flag("system"),
      };
    case "install":
      return installOf(parsed);
    case "open":
      return { kind: "open", file: operand };
    case "vm start":
      return { kind: "vm" };
    case "doctor":
      return { kind: "doctor", checks: operands, list: flag("list"), json: flag("json") };
    case "completions":
      return { kind: "completions", shell: operand };
    default:
      throw new Error(`the table has a command that nothing runs: ${entry.name}`);
  }
}
