import type { Facts } from "../../lib/routes/facts.ts";
import { buildElf } from "../elf/build_elf.ts";
import { buildPe } from "./build_pe.ts";
import { toBytes } from "./byte_text.ts";
import { environment, type World } from "./specification.ts";

const decoder = new TextDecoder();

/** The program's file. */
export function fileOf({ machine, loader, head, clr }: World): Uint8Array {
  if (machine !== undefined) {
    return buildElf(loader === undefined ? { machine } : { machine, interp: loader });
  }
  return head === "MZ and more" ? buildPe(clr) : toBytes(head);
}

/** A world as the evaluator sees it. */
export function factsOf(world: World, file = fileOf(world)): Facts {
  return {
    program: toBytes(world.program),
    argv0: toBytes(world.argv0),
    args: world.args.map(toBytes),
    canonical: toBytes(world.canonical),
    home: world.home === undefined ? undefined : toBytes(world.home),
    env: environment(world).map(toBytes),
    cwd: toBytes(world.cwd),
    euid: world.euid,
    page_size: world.page_size,
    terminal: world.terminal,
    secure: false,
    read: (offset, limit) => file.subarray(offset, offset + limit),
    exists: (path) => world.present.has(decoder.decode(path)),
    isForeign: (path) => world.foreign.has(decoder.decode(path)),
  };
}
