import { buildElf } from "../elf/build_elf.ts";
import type { RandomWorld } from "../specification/random_worlds.ts";
import { directory, plain, type World } from "../specification/world.ts";
import { type Cell, directoriesAbove, type Entry, marked } from "./cell.ts";

/** A world as files in a cell. */
export interface Scene {
  readonly world: World;
  readonly files: ReadonlyMap<string, Entry>;
  readonly directories: readonly string[];
}

/** A link to a home directory, and where it leads. */
const LINK = "/link";
const HOME = "/a";
const DATA = "/data";

/** muvm's own files are never foreign: the handler does not check them. */
const MUVM = /muvm/;

/**
 * The files of a world. A path that would be both a file and a directory moves a step deeper, and a
 * program with an interpreter's path gets another name, so the scene's world may differ. muvm's
 * virtual machine runs: its server and its locks are in the runtime directory.
 */
export function sceneOf(cell: Cell, world: RandomWorld): Scene {
  const runtime = directory(world, "XDG_RUNTIME_DIR");
  const server = runtime === undefined ? [] : [plain(`${runtime}/krun/server`)];
  const lock = runtime === undefined ? [] : [plain(`${runtime}/krun/socket/port-50199.lock`)];
  const needed = new Set([
    ...[...world.present].filter((path) => !world.directories.has(path)).map(canonicalOf),
    ...lock,
  ]);
  const foreign = new Set([...world.foreign].filter((path) => !MUVM.test(path)).map(canonicalOf));
  const unexecutable = new Set([...world.unexecutable].map(canonicalOf));
  // The same path through a link may be a file, which has precedence.
  const empty = [...world.directories].filter((path) => !needed.has(path));
  const home = world.home === undefined ? [] : [world.home];
  const directories = [world.cwd, HOME, DATA, ...home, ...empty];
  const other = cell.image(buildElf({ machine: "hexagon" }));
  const script = cell.image(new TextEncoder().encode(`#! ${other.same} x\n`));
  const probe = (path: string) => {
    if (foreign.has(path)) return path.length % 2 === 0 ? other : script;
    return unexecutable.has(path) ? cell.unexecutable : cell.probe;
  };
  const occupied = [...needed, ...server, ...world.links.keys()];
  const inside = directories.map((path) => `${path}/x`);
  const { canonical, given, deeper } = programPaths(world, [...occupied, ...inside]);
  // A link is followed only if its target is UTF-8.
  const program = isText(canonical) ? given : canonical;
  const links = new Map(world.links);
  if (program !== canonical) links.set(program, canonical);
  const files = new Map<string, Entry>([...needed].map((path) => [path, probe(path)]));
  for (const path of server) files.set(path, "server");
  files.set(LINK, linkTo(HOME));
  for (const [path, target] of links) files.set(path, linkTo(target));
  const file = marked(world.file);
  files.set(canonical, cell.image(file));
  const paths = [...files.keys()];
  const existing = new Set([...paths, ...directories, ...paths.flatMap(directoriesAbove)]);
  const changed = {
    ...{ ...world, file, canonical, links },
    program: isText(canonical) ? world.program + deeper : canonical,
    present: { has: (path: string) => existing.has(canonicalOf(path)) },
    directories: { has: (path: string) => empty.includes(canonicalOf(path)) },
    foreign: { has: (path: string) => foreign.has(canonicalOf(path)) },
    unexecutable: { has: (path: string) => unexecutable.has(canonicalOf(path)) },
  };
  return { world: changed, files, directories };
}

/** The program's canonical and given path, moved deeper until neither is a directory, too. */
function programPaths(world: RandomWorld, files: readonly string[]) {
  let canonical = /\/i\//.test(world.canonical) ? `${world.canonical}-program` : world.canonical;
  let given = plain(absolute(world));
  let deeper = "";
  for (;;) {
    const above = new Set([...files, canonical, given].flatMap(directoriesAbove));
    if (above.has(canonical)) canonical += "/ab";
    else if (above.has(given)) [given, deeper] = [`${given}/ab`, `${deeper}/ab`];
    else return { canonical, given, deeper };
  }
}

const known = new Map<string, Entry>();

/** One object for each target, so that a link that stays is not made again. */
function linkTo(target: string): Entry {
  const link = known.get(target) ?? { link: target };
  known.set(target, link);
  return link;
}

function isText(path: string): boolean {
  try {
    const bytes = Uint8Array.from(path, (letter) => letter.charCodeAt(0));
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function absolute({ program, cwd }: World): string {
  return program.startsWith("/") ? program : `${cwd}/${program}`;
}

function canonicalOf(path: string): string {
  return path.startsWith(`${LINK}/`) ? HOME + path.slice(LINK.length) : path;
}
