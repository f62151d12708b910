import { buildElf } from "../elf/build_elf.ts";
import type { RandomWorld } from "../routes/random_worlds.ts";
import type { World } from "../routes/specification.ts";
import { fileOf } from "../routes/world_facts.ts";
import { type Cell, type Entry, marked } from "./cell.ts";

/** A world as files: what has to be where, and what then is there. */
export interface Scene {
  readonly world: World;
  /** The program's. */
  readonly file: Uint8Array;
  readonly files: ReadonlyMap<string, Entry>;
  readonly folders: readonly string[];
}

/**
 * The world in a cell: `present` and the program's file with folders above them. A path that would
 * have to be a file and a folder at once goes a step deeper, so the scene's world may differ.
 * muvm's virtual machine is up: it answers in the runtime folder.
 */
export function sceneOf(cell: Cell, world: RandomWorld): Scene {
  const server = world.runtime_dir?.startsWith("/")
    ? [plain(`${world.runtime_dir}/krun/server`)]
    : [];
  const needed = new Set([...world.present].map(plain));
  // muvm is there to run on this machine: nothing asks whether it can.
  const foreign = new Set([...world.foreign].map(plain).filter((path) => path !== "/i/muvm"));
  const folders = [world.cwd, ...(world.home === undefined ? [] : [plain(world.home)])];
  const other = cell.image(buildElf({ machine: "hexagon" }));
  const script = cell.image(new TextEncoder().encode(`#! ${other.same} x\n`));
  const probe = (path: string) =>
    !foreign.has(path) ? cell.probe : path.length % 2 === 0 ? other : script;
  let canonical = plain(world.canonical);
  let program = plain(absolute(world));
  let deeper = "";
  for (;;) {
    const above = foldersOf([
      ...needed,
      ...server,
      canonical,
      program,
      ...folders.map((path) => `${path}/x`),
    ]);
    if (above.has(canonical)) canonical += "/ab";
    else if (above.has(program)) [program, deeper] = [`${program}/ab`, `${deeper}/ab`];
    else return furnished(canonical, program, deeper);
  }

  function furnished(canonical: string, program: string, deeper: string): Scene {
    const files = new Map<string, Entry>(
      [...needed].map((path) => [path, probe(path)]),
    );
    for (const path of server) files.set(path, "server");
    if (program !== canonical) files.set(program, { link: canonical });
    const file = marked(fileOf(world));
    files.set(canonical, cell.image(file));
    const there = new Set([...files.keys(), ...folders, ...foldersOf([...files.keys()])]);
    const changed = {
      ...{ ...world, canonical, program: world.program + deeper },
      present: { has: (path: string) => there.has(plain(path)) },
      foreign: { has: (path: string) => foreign.has(plain(path)) },
    };
    return { world: changed, file, files, folders };
  }
}

function absolute({ program, cwd }: World): string {
  return program.startsWith("/") ? program : `${cwd}/${program}`;
}

/** Without a slash too many. */
function plain(path: string): string {
  return path.replaceAll(/\/+/g, "/");
}

/** All that have to be folders for these files. */
function foldersOf(files: readonly string[]): Set<string> {
  return new Set(files.flatMap((path) => {
    const names = path.split("/").slice(1, -1);
    return names.map((_, i) => `/${names.slice(0, i + 1).join("/")}`);
  }));
}
