/** Finds entries that would take programs of the host: nothing could start then. */
import { EHDR, ET } from "../elf/constants.ts";
import { MACHINES, NATIVE } from "../elf/machines.ts";
import type { Telling } from "./line.ts";
import { matchesMagic } from "./matches_magic.ts";

const ELFOSABI_GNU = 3;

/** A kind of file that the kernel runs itself, and how such files begin. */
interface Own {
  readonly what: string;
  readonly head: Uint8Array;
}

const encoder = new TextEncoder();

/** Headers of executables and libraries as GNU's linker writes them. */
function headers(host: string): Own[] {
  return MACHINES.filter(({ name }) => NATIVE[host]?.includes(name)).flatMap(({ name, magics }) =>
    [{}, { [EHDR.e_type]: ET.DYN }].flatMap((type) =>
      [{}, { [EHDR.EI_OSABI]: ELFOSABI_GNU }].map((abi) => ({
        what: `the host's own ${name} programs`,
        head: Object.assign(magics[0]!.magic.slice(), type, abi),
      }))
    )
  );
}

const SCRIPTS = ["#!/bin/sh\n", "#! /bin/sh\n", "#!/usr/bin/env "].map((line) => (
  { what: "scripts, which begin with #!", head: encoder.encode(line) }
));

/**
 * The files of the host that the entry's magic matches, in words, if there are any. `handler`: the
 * first bytes of the handler, if it exists.
 */
export function ownFiles(
  telling: Telling,
  host: string,
  handler?: Uint8Array,
): string | undefined {
  if ("extension" in telling) return undefined;
  const itself = handler === undefined ? [] : [{ what: "the handler itself", head: handler }];
  return [...itself, ...headers(host), ...SCRIPTS].find(({ head }) => matchesMagic(telling, head))
    ?.what;
}
