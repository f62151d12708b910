import type { Config, Interpreter, Muvm, Variable } from "../config/config.ts";
import { pathServes } from "../config/path_machine.ts";
import { C_LIBRARIES, namesWith } from "../elf/c_library.ts";
import { MARKER, WHEN } from "./format.ts";
import type { Target } from "./targets.ts";
import { fillIn, fillInTarget, pathPieces, type Piece, template } from "./template.ts";

/** A candidate before it is written; templates as template() gives them. */
export interface Draft {
  readonly when: number;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly muvm: string | undefined;
  /** Groups of path templates; the interpreter's path is the first. */
  readonly requirements: readonly (readonly string[])[];
  /** How many of the last groups are for dynamic programs only. */
  readonly dynamic: number;
  readonly sysroots: readonly string[];
  readonly argv: string;
  readonly env: string;
}

/**
 * One candidate for each of the interpreter's paths that serves the target, and one more through
 * muvm if it needs that.
 */
export function candidatesOf(config: Config, id: string, target: Target, linkage: number): Draft[] {
  const interpreter = config.interpreters.get(id)!;
  const { muvm } = config;
  const plain = wordsOf(interpreter, target, MARKER.PROGRAM);
  if (plain === undefined) return [];
  const sysroots = sysrootsOf(interpreter, target);
  const required = requirementsOf(interpreter.required_paths, target);
  const dynamic = requirementsOf(interpreter.dynamic_required_paths, target);
  // A group without alternatives can never be met, and without a directory a dynamic program's
  // loader can never be found.
  if ([...required, ...dynamic].some((group) => group.length === 0)) return [];
  if (target.elf && sysroots.length === 0 && interpreter.sysroot.length > 0) return [];
  return interpreter.path.flatMap((text) => {
    const path = fillInTarget(text, target);
    if (path === undefined || (target.elf && !pathServes(path, target.name))) return [];
    const groups = [[template([pathPieces(path)])], ...required];
    const same = { name: interpreter.name, id, path, sysroots, dynamic: dynamic.length };
    const requirements = [...groups, ...dynamic];
    const command = plainCommand(path, plain);
    const direct = { ...same, ...command, when: linkage, muvm: undefined, requirements };
    if (!interpreter.use_muvm) return [direct];
    const both = [
      ...groups,
      [template([[muvm.path]])],
      ...requirementsOf(muvm.required_paths, target),
      ...dynamic,
    ];
    const guest = muvmCommand(muvm, path, wordsOf(interpreter, target, MARKER.ABSOLUTE)!);
    const through = { ...same, ...guest, muvm: muvm.path, requirements: both };
    return [
      { ...direct, when: linkage | WHEN.PAGES_FIT },
      { ...through, when: linkage | WHEN.PAGES_DIFFER },
    ];
  });
}

/** With {gnu} for each C library in turn: the program's own loader tells which one it needs. */
function sysrootsOf({ sysroot }: Interpreter, target: Target): string[] {
  const targets = C_LIBRARIES.map((library) => namesWith(target, library));
  const each = sysroot.flatMap((text) =>
    targets.flatMap((names) => fillInTarget(text, names) ?? [])
  );
  return [...new Set(each)];
}

function requirementsOf(groups: Interpreter["required_paths"], target: Target): string[][] {
  return groups.map((group) =>
    group.flatMap((text) => {
      const path = fillInTarget(text, target);
      return path === undefined ? [] : [template([pathPieces(path)])];
    })
  );
}

/**
 * The placeholders of args and env; `program` is the program's path template. Undefined if one of
 * them has no value.
 */
function fillAll(texts: readonly string[], target: Target, program: number): Piece[][] | undefined {
  const markers = { program, argv0: MARKER.ARGV0, sysroot: MARKER.SYSROOT };
  const items = texts.map((text) => fillIn(text, target, markers));
  return items.every((item) => item !== undefined) ? items : undefined;
}

/** Items: variables to set, variables to set unless the caller has, and variables to remove. */
function variables({ env }: Interpreter, target: Target, program: number) {
  const all = Object.entries(env);
  const fill = (ofKind: (value: Variable) => string | undefined) =>
    fillAll(
      all.flatMap(([name, value]) => {
        const text = ofKind(value);
        return text === undefined ? [] : [`${name}=${text}`];
      }),
      target,
      program,
    );
  const set = fill((value) => typeof value === "string" ? value : undefined);
  const unlessSet = fill((value) => typeof value === "object" ? value.default : undefined);
  if (set === undefined || unlessSet === undefined) return undefined;
  const gone = all.filter(([, value]) => value === false).map(([name]) => name);
  return [
    ...set,
    ...[...unlessSet, ...gone.map((name) => [name])]
      .map((item) => [MARKER.VARIABLE, ...item]),
  ];
}

/** The items that are the same for all of an interpreter's paths. */
interface Words {
  readonly args: readonly Piece[][];
  readonly env: readonly Piece[][];
}

function wordsOf(interpreter: Interpreter, target: Target, program: number): Words | undefined {
  const args = fillAll(interpreter.args, target, program);
  const env = variables(interpreter, target, program);
  return args === undefined || env === undefined ? undefined : { args, env };
}

function plainCommand(path: string, { args, env }: Words) {
  const argv = template([pathPieces(path), ...args, [MARKER.ARGUMENTS]]);
  return { argv, env: template(env) };
}

/**
 * muvm drops the working directory, the umask and most of the environment, and does not take every
 * argument. So the handler itself starts the interpreter in the guest: see docs/architecture.md.
 */
function muvmCommand(muvm: Muvm, path: string, { args, env }: Words) {
  const argv = template([
    [muvm.path],
    ...muvm.args.map((arg) => [arg]),
    ...muvm.tty_args.map((arg) => [MARKER.TERMINAL, arg]),
    ...(muvm.forward_env ? [[MARKER.VARIABLE]] : []),
    ["--"],
    [MARKER.GUEST],
    ...env,
    pathPieces(path),
    ...args,
    [MARKER.ARGUMENTS],
  ]);
  return { argv, env: template([]) };
}
