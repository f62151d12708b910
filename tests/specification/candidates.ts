/** The candidates for a program, and a verdict on each. */
import {
  type Configuration,
  type Interpreter,
  isMachine,
  machineOfPath,
  type Rule,
} from "./configuration.ts";
import { fillIn, type Target } from "./kinds.ts";
import {
  type Candidate,
  directory,
  ownHome,
  plain,
  variable,
  type Verdict,
  type World,
  xdgDirectory,
} from "./world.ts";

/** A candidate and the parts of its command. */
export interface Tried {
  readonly candidate: Candidate;
  readonly interpreter: Interpreter;
  /** The directory with the program's loader; for a static program the first one. */
  readonly sysroot: string;
}

type Group = readonly string[];

/** Is the interpreter made for the target, by its own list or the format's? */
export function isMadeFor(config: Configuration, id: string, target: Target): boolean {
  return config.interpreters.get(id)!.machines.includes(target) ||
    (config.formats.get(target)?.interpreter.includes(id) ?? false);
}

/** The interpreters to try, in the order of preference. */
export function idsFor(
  config: Configuration,
  rule: Rule | undefined,
  target: Target,
  world: World,
): string[] {
  const own = isMachine(target)
    ? config.machines.get(target)
    : config.formats.get(target)?.interpreter;
  const lists = [rule?.interpreter, own, isMachine(target) ? config.defaults : []];
  const serving = lists.map((list = []) =>
    list.filter((id) => canServe(config, id, target) && canBeLinked(config, id, target, world))
  );
  return [...new Set(serving.find((list) => list.length > 0) ?? [])];
}

/** Only the overriding interpreter; undefined if it cannot serve the target. */
export function overrideFor(
  config: Configuration,
  id: string,
  target: Target,
  world: World,
): string[] | undefined {
  if (!canServe(config, id, target)) return undefined;
  return canBeLinked(config, id, target, world) ? [id] : [];
}

/** Is it made for the target, and has every placeholder in its values one? */
function canServe(config: Configuration, id: string, target: Target): boolean {
  const interpreter = config.interpreters.get(id)!;
  const { args, env, sysroot, required_paths, dynamic_required_paths } = interpreter;
  const all = [...args, ...env.map(([, value]) => value)];
  return isMadeFor(config, id, target) &&
    pathsFor(interpreter, target).length > 0 &&
    all.every((text) => fillIn(text, target) !== undefined) &&
    (!isMachine(target) || sysroot.length === 0 || fillAll(sysroot, target).length > 0) &&
    [...required_paths, ...dynamic_required_paths]
      .every((group) => fillAll(group, target).length > 0);
}

function canBeLinked(config: Configuration, id: string, target: Target, { built }: World): boolean {
  const { linkage } = config.interpreters.get(id)!;
  const wanted = built.loader === undefined ? "static" : "dynamic";
  return !isMachine(target) || linkage === "both" || linkage === wanted;
}

/** The filled-in texts, without those that have a placeholder without a value. */
function fillAll(texts: readonly string[], target: Target): string[] {
  return texts.flatMap((text) => fillIn(text, target) ?? []);
}

/** The paths for the target; qemu-MACHINE serves only that machine. */
function pathsFor({ path }: Interpreter, target: Target): string[] {
  return fillAll(path, target).filter((path) => {
    const only = machineOfPath(path);
    return !isMachine(target) || only === undefined || only === target;
  });
}

/** One candidate for each path of the interpreter, through muvm if the page size differs. */
export function tryAll(config: Configuration, id: string, target: Target, world: World): Tried[] {
  const interpreter = config.interpreters.get(id)!;
  const { muvm } = config;
  const wrapped = interpreter.use_muvm && muvm.page_size !== world.page_size;
  const sysroots = sysrootsFor(interpreter.sysroot, target);
  return pathsFor(interpreter, target).map((path) => {
    const own = [[path], ...interpreter.required_paths];
    const vm = wrapped ? [[muvm.path], ...muvm.required_paths] : [];
    const further = world.built.loader === undefined || !isMachine(target)
      ? []
      : interpreter.dynamic_required_paths;
    const needs = [...own, ...vm, ...further];
    const sysroot = sysrootFor(sysroots, world);
    const file = place(path, world);
    const isDirectory = file !== undefined && world.directories.has(plain(file));
    const verdict = (wrapped ? obstacle(world) : undefined) ??
      missing(needs.map((group) => fillAll(group, target)), world, isDirectory) ??
      (sysroot === undefined ? { no_loader: sysroots } : undefined) ??
      executed(path, wrapped ? [muvm.path] : [], world);
    const { name } = interpreter;
    const candidate = { id, name, path, muvm: wrapped ? muvm.path : undefined, verdict };
    return { candidate, interpreter, sysroot: sysroot ?? "" };
  });
}

/** The verdict on a candidate whose files all exist. */
function executed(path: string, wrapper: readonly string[], world: World): Verdict {
  const places = [path, ...wrapper].map((each) => plain(place(each, world)!));
  if (world.foreign.has(places[0]!)) return "foreign";
  return places.some((each) => world.unexecutable.has(each)) ? "not executable" : "usable";
}

/** {gnu} and {debian} also stand for the machine's other C libraries. */
function sysrootsFor(sysroots: Group, target: Target): string[] {
  const found = sysroots.flatMap((text) => {
    const usual = fillAll([text], target);
    if (!isMachine(target) || text.includes("{debian}") || !text.includes("{gnu}")) {
      return target === "arm" ? [...usual, ...armel(text, target)] : usual;
    }
    const musl = usual.map((each) => each.replace(/-linux-gnu/, "-linux-musl"));
    return [...usual, ...(target === "arm" ? armel(text, target) : []), ...musl];
  });
  return [...new Set(found)];
}

function armel(text: string, target: Target): string[] {
  const other = text.replaceAll("{gnu}", "arm-linux-gnueabi").replaceAll("{debian}", "armel");
  return fillAll([other], target);
}

/** The directory below which the program's loader is; undefined if there is none. */
function sysrootFor(sysroots: Group, world: World): string | undefined {
  const { built: { loader }, present } = world;
  if (sysroots.length === 0) return "";
  const directories = sysroots.flatMap((each) => each[0] === "$" ? valuesOf(each, world) : [each]);
  if (loader === undefined) {
    const first = sysroots.find((each) => each[0] !== "$" || valuesOf(each, world).length > 0);
    const around = directories.find((each) => world.canonical.startsWith(`${each}/`));
    return (first?.startsWith("$") ? undefined : around) ?? directories[0] ?? "";
  }
  if (!loader.startsWith("/")) return undefined;
  return directories.find((sysroot) => present.has(absolute(sysroot + loader, world)));
}

/** The value of `$NAME`, unless it is unset or empty. */
function valuesOf(reference: string, world: World): string[] {
  return [variable(world, reference.slice(1)) ?? ""].filter((value) => value !== "");
}

function absolute(path: string, { cwd }: World): string {
  return plain(path.startsWith("/") ? path : `${cwd}/${path}`);
}

/** The variables that muvm forwards by itself. */
const UNASKED = new RegExp(
  "^(PATH|LANG|LC_.*|LD_LIBRARY_PATH|LIBGL_DRIVERS_PATH|MESA_LOADER_DRIVER_OVERRIDE|RUST_LOG|" +
    "XMODIFIERS)=",
);

/** Why muvm cannot start: it refuses root, needs its directories, and cannot forward all bytes. */
function obstacle(world: World): Verdict | undefined {
  if (world.euid === 0) return "root";
  const home = variable(world, "HOME");
  if (home === undefined) return "no home";
  const runtime = directory(world, "XDG_RUNTIME_DIR");
  if (runtime === undefined) return "no runtime directory";
  const unasked = world.env.filter((entry) => UNASKED.test(entry));
  if (![home, runtime].every(isUtf8) || !unasked.every(isPassable)) return "variables";
  return world.cwd === "" ? "no working directory" : undefined;
}

/** Can muvm forward it? muvm accepts only UTF-8, and “EOM” ends its message. */
export function isPassable(text: string): boolean {
  return isUtf8(text) && !text.includes("EOM");
}

export function isUtf8(text: string): boolean {
  try {
    decodeURIComponent(escape(text));
    return true;
  } catch {
    return false;
  }
}

/** `isDirectory`: the interpreter itself, the first group, is a directory. */
function missing(
  groups: readonly Group[],
  world: World,
  isDirectory: boolean,
): Verdict | undefined {
  const places = groups.map((group) => group.map((path) => place(path, world)));
  const isThere = (path: string) =>
    path.startsWith("$") ? valuesOf(path, world).length > 0 : world.present.has(plain(path));
  const missing = places.filter((group, i) =>
    (i === 0 && isDirectory) || !group.some((path) => path !== undefined && isThere(path))
  );
  return missing.length === 0 ? undefined : { missing };
}

/** A configured path with its first directory filled in; undefined if that is unknown. */
export function place(path: string, world: World): string | undefined {
  const home = ownHome(world);
  const moved = xdgDirectory(world, "XDG_DATA_HOME");
  const data = moved === undefined
    ? home && `${home}/.local/share`
    : world.shared.has(moved)
    ? undefined
    : moved;
  const [, start, rest] = /^(~(?=\/)|\{XDG_DATA_HOME\})(.*)$/s.exec(path) ?? [];
  if (start === undefined) return path;
  const begin = start === "~" ? home : data;
  return begin && begin + rest;
}
