import { MACHINES } from "../elf/machines.ts";
import { imageOf } from "../native/elf_image.ts";
import type { LinkedCode } from "../native/linked_code.ts";
import { type OptionName, OPTIONS } from "./options.ts";

/** What a handler is made with. */
export interface HandlerOptions {
  /** Absolute path of the program that makes the route table. */
  readonly resolver: string;
  /** Absolute path of the folder with the system table. */
  readonly tables: string;
  /** A static qemu-user to carry along, for where no table and no resolver can be reached. */
  readonly fallback?: FallbackInterpreter;
  /** With a symbol table, for gdb and perf. */
  readonly symbols?: boolean;
}

export interface FallbackInterpreter {
  /** Whose programs it runs. */
  readonly machine: string;
  /** Its argv[0]. */
  readonly name: string;
  /** The ELF file. */
  readonly image: Uint8Array;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array();

/** The handler's ELF file: its code, which was compiled before, and these options. */
export function handlerImage(code: LinkedCode, options: HandlerOptions): Uint8Array<ArrayBuffer> {
  const { resolver, tables, fallback, symbols = false } = options;
  const values: Record<OptionName, Uint8Array> = {
    resolver: encoder.encode(resolver),
    tables: encoder.encode(tables),
    fallback: fallback?.image ?? NOTHING,
    fallback_name: encoder.encode(fallback?.name ?? ""),
    fallback_magics: fallback === undefined ? NOTHING : magicsOf(fallback.machine),
  };
  const shown = symbols ? code : { ...code, symbols: [] };
  return imageOf(shown, OPTIONS.map((name) => values[name]));
}

/** Each of a machine's magics and its mask. */
function magicsOf(name: string): Uint8Array {
  const machine = MACHINES.find((machine) => machine.name === name);
  if (machine === undefined) throw new RangeError(`there is no machine “${name}”`);
  return new Uint8Array(machine.magics.flatMap(({ magic, mask }) => [...magic, ...mask]));
}
