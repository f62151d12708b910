import { MACHINES } from "../elf/machines.ts";
import { imageOf } from "../native/elf_image.ts";
import type { LinkedCode } from "../native/linked_code.ts";
import { littleEndian } from "../native/little_endian.ts";
import { FALLBACK_MAGIC_SIZE, type OptionName, OPTIONS } from "./options.ts";

/** What a handler's image is made with. */
export interface HandlerOptions {
  /** Absolute path of the program that makes the route table. */
  readonly resolver: string;
  /** Absolute path of the directory with the system table. */
  readonly tables: string;
  /** Static qemu-user programs to embed, for containers without a table and a resolver. */
  readonly fallbacks?: readonly FallbackInterpreter[];
  /** Include a symbol table, for gdb and perf. */
  readonly symbols?: boolean;
}

export interface FallbackInterpreter {
  /** The machine that it emulates. */
  readonly machine: string;
  /** Its argv[0]. */
  readonly name: string;
  /** The ELF file. */
  readonly image: Uint8Array;
}

const encoder = new TextEncoder();

/** The handler's ELF file: code that was compiled before, with these options filled in. */
export function handlerImage(code: LinkedCode, options: HandlerOptions): Uint8Array<ArrayBuffer> {
  const { resolver, tables, fallbacks = [], symbols = false } = options;
  const values: Record<OptionName, Uint8Array> = {
    resolver: encoder.encode(resolver),
    tables: encoder.encode(tables),
    fallbacks: joined(fallbacks.flatMap(partsOf)),
  };
  const shown = symbols ? code : { ...code, symbols: [] };
  return imageOf(shown, OPTIONS.map((name) => values[name]));
}

/** A FALLBACK and the bytes whose lengths it has. */
function partsOf({ machine, name, image }: FallbackInterpreter): Uint8Array[] {
  const parts = [encoder.encode(name), magicsOf(machine), image];
  return [new Uint8Array(littleEndian(4, ...parts.map(({ length }) => length))), ...parts];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The magics of a machine, each followed by its mask. */
function magicsOf(name: string): Uint8Array {
  const machine = MACHINES.find((machine) => machine.name === name);
  if (machine === undefined) throw new RangeError(`there is no machine “${name}”`);
  return joined(machine.magics.flatMap(({ magic, mask }) => [filled(magic), filled(mask)]));
}

function filled(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(FALLBACK_MAGIC_SIZE);
  all.set(bytes);
  return all;
}
