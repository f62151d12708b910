/** Finds entries that would take what the kernel must run itself: nothing could start then. */
import { EHDR, ET } from "../elf/constants.ts";
import { MACHINES, NATIVE } from "../elf/machines.ts";
import type { Telling } from "./line.ts";
import { matchesMagic } from "./matches_magic.ts";

const ELFOSABI_GNU = 3;

/** What is known of the beginning of all such files. */
interface Own {
  readonly what: string;
  readonly head: Uint8Array;
}

const encoder = new TextEncoder();

/** Headers of executables and libraries, as compilers and GNU's linker write them. */
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
 * Which of them the entry's magic matches, in words; undefined for none. `handler` is the
 * handler's beginning, where there is one.
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
