/** Which interpreters are tried for a program, and what becomes of each. */
import {
  type Configuration,
  type Interpreter,
  isMachine,
  machineOfPath,
  type Rule,
} from "./configuration.ts";
import { fillRow, type Row } from "./kinds.ts";
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

/** A candidate with what its command is made of. */
export interface Tried {
  readonly candidate: Candidate;
  readonly interpreter: Interpreter;
  /** The directory with the program's loader; for static programs the first of all. */
  readonly sysroot: string;
}

type Group = readonly string[];

/** Does the interpreter say that it is made for such programs, or their format? */
export function isMadeFor(config: Configuration, id: string, row: Row): boolean {
  return config.interpreters.get(id)!.machines.includes(row) ||
    (config.formats.get(row)?.interpreter.includes(id) ?? false);
}

/** The interpreters that are tried, in the order of preference. */
export function idsFor(
  config: Configuration,
  rule: Rule | undefined,
  row: Row,
  world: World,
): string[] {
  const own = isMachine(row) ? config.machines.get(row) : config.formats.get(row)?.interpreter;
  const lists = [rule?.interpreter, own, isMachine(row) ? config.defaults : []];
  const serving = lists.map((list = []) =>
    list.filter((id) => canServe(config, id, row) && canBeLinked(config, id, row, world))
  );
  return [...new Set(serving.find((list) => list.length > 0) ?? [])];
}

/** The interpreter alone, if it is made for such programs at all. */
export function pickedFor(
  config: Configuration,
  id: string,
  row: Row,
  world: World,
): string[] | undefined {
  if (!canServe(config, id, row)) return undefined;
  return canBeLinked(config, id, row, world) ? [id] : [];
}

/** Is it made for the programs of a row, with all that it needs for them named? */
function canServe(config: Configuration, id: string, row: Row): boolean {
  const interpreter = config.interpreters.get(id)!;
  const { args, env, sysroot, required_paths, dynamic_required_paths } = interpreter;
  const all = [...args, ...env.map(([, value]) => value)];
  return isMadeFor(config, id, row) &&
    pathsFor(interpreter, row).length > 0 &&
    all.every((text) => fillRow(text, row) !== undefined) &&
    (!isMachine(row) || sysroot.length === 0 || fillAll(sysroot, row).length > 0) &&
    [...required_paths, ...dynamic_required_paths]
      .every((group) => fillAll(group, row).length > 0);
}

function canBeLinked(config: Configuration, id: string, row: Row, { built }: World): boolean {
  const { linkage } = config.interpreters.get(id)!;
  const wanted = built.loader === undefined ? "static" : "dynamic";
  return !isMachine(row) || linkage === "both" || linkage === wanted;
}

/** Without those in which a word stands for nothing. */
function fillAll(texts: readonly string[], row: Row): string[] {
  return texts.flatMap((text) => fillRow(text, row) ?? []);
}

/** A path named after qemu's program for one machine serves that one alone. */
function pathsFor({ path }: Interpreter, row: Row): string[] {
  return fillAll(path, row).filter((path) => {
    const only = machineOfPath(path);
    return !isMachine(row) || only === undefined || only === row;
  });
}

/** One candidate for each path of the interpreter; through muvm where pages do not fit. */
export function tryAll(config: Configuration, id: string, row: Row, world: World): Tried[] {
  const interpreter = config.interpreters.get(id)!;
  const { muvm } = config;
  const wrapped = interpreter.use_muvm && muvm.page_size !== world.page_size;
  const sysroots = sysrootsFor(interpreter.sysroot, row);
  return pathsFor(interpreter, row).map((path) => {
    const own = [[path], ...interpreter.required_paths];
    const vm = wrapped ? [[muvm.path], ...muvm.required_paths] : [];
    const further = world.built.loader === undefined || !isMachine(row)
      ? []
      : interpreter.dynamic_required_paths;
    const needs = [...own, ...vm, ...further];
    const sysroot = sysrootFor(sysroots, world);
    const file = place(path, world);
    const isDirectory = file !== undefined && world.directories.has(plain(file));
    const verdict = (wrapped ? obstacle(world) : undefined) ??
      missing(needs.map((group) => fillAll(group, row)), world, isDirectory) ??
      (sysroot === undefined ? { no_loader: sysroots } : undefined) ??
      executed(path, wrapped ? [muvm.path] : [], world);
    const { name } = interpreter;
    const candidate = { id, name, path, muvm: wrapped ? muvm.path : undefined, verdict };
    return { candidate, interpreter, sysroot: sysroot ?? "" };
  });
}

/** What can be said only of what is all there. */
function executed(path: string, wrapper: readonly string[], world: World): Verdict {
  const places = [path, ...wrapper].map((each) => plain(place(each, world)!));
  if (world.foreign.has(places[0]!)) return "foreign";
  return places.some((each) => world.unexecutable.has(each)) ? "not executable" : "usable";
}

/** {gnu} and {debian} are also those of other C libraries for the machine. */
function sysrootsFor(sysroots: Group, row: Row): string[] {
  const found = sysroots.flatMap((text) => {
    const usual = fillAll([text], row);
    if (!isMachine(row) || text.includes("{debian}") || !text.includes("{gnu}")) {
      return row === "arm" ? [...usual, ...armel(text, row)] : usual;
    }
    const musl = usual.map((each) => each.replace(/-linux-gnu/, "-linux-musl"));
    return [...usual, ...(row === "arm" ? armel(text, row) : []), ...musl];
  });
  return [...new Set(found)];
}

function armel(text: string, row: Row): string[] {
  const other = text.replaceAll("{gnu}", "arm-linux-gnueabi").replaceAll("{debian}", "armel");
  return fillAll([other], row);
}

/** The directory below which the program's loader is; undefined: it is below none of them. */
function sysrootFor(sysroots: Group, world: World): string | undefined {
  const { built: { loader }, present } = world;
  if (sysroots.length === 0) return "";
  const directories = sysroots.flatMap((each) => each[0] === "$" ? told(each, world) : [each]);
  if (loader === undefined) {
    const first = sysroots.find((each) => each[0] !== "$" || told(each, world).length > 0);
    const around = directories.find((each) => world.canonical.startsWith(`${each}/`));
    return (first?.startsWith("$") ? undefined : around) ?? directories[0] ?? "";
  }
  if (!loader.startsWith("/")) return undefined;
  return directories.find((sysroot) => present.has(absolute(sysroot + loader, world)));
}

/** What a variable says, if anything. */
function told(reference: string, world: World): string[] {
  return [variable(world, reference.slice(1)) ?? ""].filter((value) => value !== "");
}

function absolute(path: string, { cwd }: World): string {
  return plain(path.startsWith("/") ? path : `${cwd}/${path}`);
}

/** Those that muvm hands on of itself. */
const UNASKED = new RegExp(
  "^(PATH|LANG|LC_.*|LD_LIBRARY_PATH|LIBGL_DRIVERS_PATH|MESA_LOADER_DRIVER_OVERRIDE|RUST_LOG|" +
    "XMODIFIERS)=",
);

/** muvm refuses root, needs its directories, and cannot hand on everything. */
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

/** muvm takes UTF-8 alone, and three letters for the end of what it is told. */
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

/** `isDirectory`: the first group, the interpreter itself, is a directory. */
function missing(
  groups: readonly Group[],
  world: World,
  isDirectory: boolean,
): Verdict | undefined {
  const places = groups.map((group) => group.map((path) => place(path, world)));
  const isThere = (path: string) =>
    path.startsWith("$") ? told(path, world).length > 0 : world.present.has(plain(path));
  const missing = places.filter((group, i) =>
    (i === 0 && isDirectory) || !group.some((path) => path !== undefined && isThere(path))
  );
  return missing.length === 0 ? undefined : { missing };
}

/** Where a configured path leads; undefined where it begins in a directory that nothing tells. */
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
