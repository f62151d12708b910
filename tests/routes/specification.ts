/**
 * The rules of configuration.md, slowly and plainly, from the configuration alone: what the route
 * table and its readers must agree with.
 */
import type { AnyOf, Config, Interpreter, Rule } from "../../lib/config/config.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { byteText } from "./byte_text.ts";
import { matches } from "./naive_pattern.ts";

/**
 * One start of a program, in a world that is known completely. Texts may have bytes that are no
 * UTF-8, as byte_text.ts has them.
 */
export interface World {
  readonly program: string;
  readonly argv0: string;
  readonly args: readonly string[];
  readonly canonical: string;
  /** Of an ELF program its machine; undefined: its head is `head`. */
  readonly machine: string | undefined;
  readonly loader: string | undefined;
  readonly head: string;
  readonly clr: boolean;
  /** $HOME, also with links resolved. */
  readonly home: string | undefined;
  readonly data_home: string | undefined;
  readonly override: string | undefined;
  readonly page_size: number;
  readonly terminal: boolean;
  readonly present: Pick<ReadonlySet<string>, "has">;
  /** Those of the files that are no programs of this machine. */
  readonly foreign: Pick<ReadonlySet<string>, "has">;
  /** The caller's further variables: any strings. */
  readonly further: readonly string[];
  readonly cwd: string;
  readonly euid: number;
  /** $XDG_RUNTIME_DIR. */
  readonly runtime_dir: string | undefined;
}

export type Outcome =
  | { readonly end: "not-a-program" | "internal" | "no-interpreter" | "cannot-run" }
  | {
    readonly argv: readonly string[];
    readonly added: readonly string[];
    /** The whole environment. */
    readonly env: readonly string[];
  };

export interface Expected {
  readonly outcome: Outcome;
  /** ID and path of the rule, where one was asked for. */
  readonly rule: Rule | undefined;
}

export function specification(config: Config, world: World): Expected {
  const row = rowOf(config, world);
  if (row === undefined) return { outcome: { end: "not-a-program" }, rule: undefined };
  const rule = ruleFor(config, world, world.canonical) ??
    (world.program.startsWith("/") ? ruleFor(config, world, world.program) : undefined);
  const { override } = world;
  if (override !== undefined && !config.interpreters.has(override)) {
    return { outcome: { end: "internal" }, rule };
  }
  const linkage = world.loader === undefined ? "static" : "dynamic";
  const ids = override !== undefined && isMadeFor(config, override, row)
    ? [override].filter((id) => serves(config, id, row, linkage))
    : listFor(config, rule, row, linkage);
  for (const id of ids) {
    const found = tryInterpreter(config, config.interpreters.get(id)!, row, world);
    if (found !== undefined) return { outcome: found, rule };
  }
  return { outcome: { end: "no-interpreter" }, rule };
}

function isMachine(name: string): boolean {
  return MACHINES.some((machine) => machine.name === name);
}

/** The machine or format. Machines come first, then the formats by name; a CLR header decides. */
function rowOf(config: Config, world: World): string | undefined {
  if (world.machine !== undefined) return world.machine;
  const name = world.program.slice(world.program.lastIndexOf("/") + 1);
  const extension = name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : undefined;
  const starts = (magic: Uint8Array | undefined) =>
    magic !== undefined && world.head.startsWith(String.fromCharCode(...magic));
  const byName = [...config.formats].sort(([a], [b]) => a < b ? -1 : 1);
  const fitting = byName.filter(([, format]) =>
    format.extension === undefined ? starts(format.magic) : format.extension === extension
  );
  const first = fitting[0];
  if (first === undefined || !first[1].clr) return first?.[0];
  // The configurations of this test have one magic only, under two names.
  const other = fitting.find(([, format]) => !format.clr && format.extension === undefined);
  const used = [...config.interpreters.values()].some(({ machines }) =>
    machines.includes(first[0])
  );
  if (other !== undefined && !used && first[1].interpreter.length === 0) return other[0];
  return world.clr ? first[0] : other?.[0] ?? "neither";
}

/** The first rule, by precedence, that matches the path or what `~` stands for in it. */
function ruleFor(config: Config, world: World, path: string): Rule | undefined {
  const { home } = world;
  const below = home !== undefined && home !== "/" && path.startsWith(`${home}/`)
    ? `~${path.slice(home.length)}`
    : undefined;
  const matching = config.rules.filter((rule) =>
    rule.path.startsWith("~/")
      ? below !== undefined && matches(byteText(rule.path), byteText(below))
      : path.startsWith("/") && matches(byteText(rule.path), byteText(path))
  );
  return matching.sort(precedence)[0];
}

function precedence(a: Rule, b: Rule): number {
  const prefix = (path: string) => byteText(path.split(/[*?[{]/)[0]!).length;
  const exact = (path: string) => !/[*?[{]/.test(path) && !path.endsWith("/");
  if (a.layer !== b.layer) return b.layer - a.layer;
  if (exact(a.path) !== exact(b.path)) return exact(a.path) ? -1 : 1;
  if (prefix(a.path) !== prefix(b.path)) return prefix(b.path) - prefix(a.path);
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

function isMadeFor(config: Config, id: string, row: string): boolean {
  const interpreter = config.interpreters.get(id);
  if (interpreter === undefined) return false;
  const named = config.formats.get(row)?.interpreter.includes(id) ?? false;
  return (interpreter.machines.includes(row) || named) &&
    pathsFor(interpreter, row).length > 0 &&
    (!isMachine(row) || interpreter.sysroot.length === 0 ||
      interpreter.sysroot.some((sysroot) => fill(sysroot, row) !== undefined)) &&
    interpreter.args.every((arg) => fill(arg, row) !== undefined) &&
    interpreter.required_paths.every((group) =>
      group.some((path) => fill(path, row) !== undefined)
    );
}

/** The interpreter's paths for a row; qemu-MACHINE and qemu-MACHINE-static run that one alone. */
function pathsFor(interpreter: Interpreter, row: string): string[] {
  return interpreter.path.flatMap((text) => {
    const path = fill(text, row);
    const [, only] = /\/qemu-(\w+?)(?:-static)?$/.exec(path ?? "") ?? [];
    const other = only !== undefined && isMachine(only) && isMachine(row) && only !== row;
    return path === undefined || other ? [] : [path];
  });
}

function serves(config: Config, id: string, row: string, linkage: string): boolean {
  const made = config.interpreters.get(id)?.linkage;
  return isMadeFor(config, id, row) && (!isMachine(row) || made === "both" || made === linkage);
}

/** The first list with any interpreter that serves the program, without those that do not. */
function listFor(config: Config, rule: Rule | undefined, row: string, linkage: string): string[] {
  const own = isMachine(row) ? config.machines.get(row) : config.formats.get(row)?.interpreter;
  const lists = [rule?.interpreter, own, isMachine(row) ? config.defaults.interpreter : []];
  for (const list of lists) {
    const serving = (list ?? []).filter((id) => serves(config, id, row, linkage));
    if (serving.length > 0) return serving;
  }
  return [];
}

/** Fills in the row's words; undefined where one of them stands for nothing. */
function fill(text: string, row: string): string | undefined {
  const machine = MACHINES.find(({ name }) => name === row);
  const words = [["machine", row], ["gnu", machine?.gnu], ["debian", machine?.debian]] as const;
  for (const [word, value] of words) {
    if (text.includes(`{${word}}`) && value === undefined) return undefined;
    text = text.replaceAll(`{${word}}`, value ?? "");
  }
  return text;
}

/** Where a configured path leads; undefined where it begins in an unknown folder. */
function place(path: string, { home, data_home }: World): string | undefined {
  const data = data_home ?? (home && `${home}/.local/share`);
  if (path.startsWith("~/")) return home && home + path.slice(1);
  const start = "{XDG_DATA_HOME}";
  return path.startsWith(start) ? data && data + path.slice(start.length) : path;
}

function exists(path: string, world: World): boolean {
  const found = place(path, world);
  return found !== undefined && world.present.has(found);
}

function allThere(groups: readonly AnyOf[], row: string, world: World): boolean {
  return groups.every((group) =>
    group.some((path) => {
      const filled = fill(path, row);
      return filled !== undefined && exists(filled, world);
    })
  );
}

/** The command, if this interpreter can run the program here. */
function tryInterpreter(
  config: Config,
  interpreter: Interpreter,
  row: string,
  world: World,
): Outcome | undefined {
  const { muvm } = config;
  const through = interpreter.use_muvm && world.page_size !== muvm.page_size;
  if (through && !muvmCanWork(world)) return undefined;
  const path = pathsFor(interpreter, row).find((path) => exists(path, world));
  if (path === undefined || !allThere(interpreter.required_paths, row, world)) return undefined;
  if (through && !allThere([[muvm.path], ...muvm.required_paths], row, world)) return undefined;
  const sysroots = interpreter.sysroot.flatMap((sysroot) => fill(sysroot, row) ?? []);
  const sysroot = world.loader === undefined
    ? sysroots[0]
    : sysroots.find((each) =>
      world.loader!.startsWith("/") && world.present.has(each + world.loader)
    );
  if (world.loader !== undefined && sysroots.length > 0 && sysroot === undefined) return undefined;
  if (world.foreign.has(place(path, world)!)) return { end: "cannot-run" };
  const program = through ? guestProgram(world) : world.program;
  const words = (text: string) =>
    text.replaceAll(
      /\{(program|argv0|sysroot|machine|gnu|debian)\}/g,
      (_, word: string) =>
        word === "program"
          ? program
          : word === "argv0"
          ? world.argv0
          : word === "sysroot"
          ? sysroot ?? ""
          : fill(`{${word}}`, row)!,
    );
  const args = through ? world.args.map(guarded) : world.args;
  const command = [place(path, world)!, ...interpreter.args.map(words), ...args];
  const added = Object.entries(interpreter.env).map(([name, value]) => `${name}=${words(value)}`);
  const env = environment(world);
  if (through) return { argv: [...muvmStart(config, world, added), ...command], added: [], env };
  const kept = env.filter((entry) => !Object.hasOwn(interpreter.env, nameOf(entry) ?? ""));
  return { argv: command, added, env: [...kept, ...added] };
}

/** What stands before the first `=`; undefined where there is none. */
function nameOf(entry: string): string | undefined {
  return entry.includes("=") ? entry.slice(0, entry.indexOf("=")) : undefined;
}

function isUtf8(text: string): boolean {
  return !/[\udc80-\udcff]/u.test(text);
}

/** It refuses root, needs its folder and takes nothing but UTF-8. */
function muvmCanWork({ euid, runtime_dir, program, argv0, args, cwd }: World): boolean {
  return euid !== 0 && (runtime_dir?.startsWith("/") ?? false) &&
    [program, argv0, ...args, cwd].every(isUtf8);
}

/** The path as it was given, but for one that leads below /run without saying so. */
function guestProgram({ program, cwd, canonical }: World): string {
  const path = program.startsWith("/") ? program : `${cwd === "/" ? "" : cwd}/${program}`;
  return isBelowRun(path) || !isBelowRun(canonical) ? asGuest(path) : asGuest(canonical);
}

function isBelowRun(path: string): boolean {
  return path === "/run" || path.startsWith("/run/");
}

function asGuest(path: string): string {
  return isBelowRun(path) ? `/run/muvm-host${path}` : path;
}

/** muvm takes no -h and no --help; an `=` in front is taken away in the guest. */
function guarded(arg: string): string {
  return arg === "-h" || arg === "--help" || arg.startsWith("=") ? `=${arg}` : arg;
}

/** Takes the guards away, and says death by a signal as 128+n. */
const GUEST_SHELL = 'case " $*" in *" ="*) for BINFMT_DISPATCHER_ARG do shift; ' +
  'set -- "$@" "${BINFMT_DISPATCHER_ARG#=}"; done;; esac; "$@"; exit $?';

function muvmStart({ muvm }: Config, world: World, added: readonly string[]): string[] {
  const names = environment(world).filter(isUtf8).map((entry) => nameOf(entry) ?? "");
  const handed = names.filter((name) =>
    /^[A-Za-z_]\w*$/.test(name) &&
    !muvm.never_forward.some((kept) =>
      kept.endsWith("*") ? name.startsWith(kept.slice(0, -1)) : name === kept
    )
  );
  return [
    muvm.path,
    ...muvm.args,
    ...(world.terminal ? muvm.tty_args : []),
    ...(muvm.forward_env ? handed.flatMap((name) => ["-e", name]) : []),
    ...added.flatMap((variable) => ["-e", variable]),
    ...["--", "/usr/bin/env", "-C", asGuest(world.cwd), "/bin/sh", "-c", GUEST_SHELL, "sh"],
  ];
}

/** The caller's environment. */
export function environment(world: World): string[] {
  const known = {
    HOME: world.home,
    XDG_DATA_HOME: world.data_home,
    XDG_RUNTIME_DIR: world.runtime_dir,
    BINFMT_DISPATCHER_INTERPRETER: world.override,
  };
  const set = Object.entries(known).filter(([, value]) => value !== undefined);
  return [...set.map(([name, value]) => `${name}=${value}`), ...world.further];
}
