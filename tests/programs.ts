/**
 * Small programs that tests run: real ones for this project's two hosts, and headers for every
 * machine.
 */
import { compile } from "../lib/compiler/compile.ts";
import { MACHINES } from "../lib/elf/machines.ts";
import { imageOf } from "../lib/native/elf_image.ts";
import { type Host, Program } from "../lib/native/program.ts";
import { SEPARATOR } from "./reporter.ts";

export interface Report {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
}

/** The program of reporter.ts. */
export function reporter(host: Host): Uint8Array<ArrayBuffer> {
  const path = new URL("reporter.ts", import.meta.url).pathname;
  return imageOf(compile(path, { host }).code());
}

/** Reads what `reporter()` printed. */
export function parseReport(stdout: string): Report {
  const [argv = "", env = "", cwd = ""] = stdout.split(`${SEPARATOR}\0`);
  const strings = (text: string) => text.split("\0").slice(0, -1);
  return { argv: strings(argv), env: strings(env), cwd: cwd.replace(/\0$/, "") };
}

/** A program that prints a text and ends with a status. */
export function speaker(host: Host, text: string, status = 0): Uint8Array<ArrayBuffer> {
  const p = new Program(host);
  const result = p.variable("result");
  p.entry(p.variable("stack"), () => {
    p.syscall(result, "write", 1, p.text(text), new TextEncoder().encode(text).length);
    p.syscall(result, "exit_group", status);
  });
  return imageOf(p.code());
}

export interface HeaderOptions {
  /** PT_INTERP; a static program has none. */
  readonly interp?: string;
  /** The offset of the program headers; by default right after the ELF header. */
  readonly phoff?: number;
}

/** An ELF file of any machine with valid headers and nothing else. */
export function headersOf(name: string, options: HeaderOptions = {}): Uint8Array<ArrayBuffer> {
  const machine = MACHINES.find((machine) => machine.name === name)!;
  const wide = machine.class === 2;
  const little = machine.data === 1;
  const interp = options.interp === undefined
    ? undefined
    : new TextEncoder().encode(`${options.interp}\0`);
  const header = wide ? 64 : 52;
  const phdr = wide ? 56 : 32;
  const phoff = options.phoff ?? header;
  const bytes = new Uint8Array(phoff + phdr + (interp?.length ?? 0));
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  // The machine's own magic: identification, e_type, e_machine and, for MIPS, e_flags.
  bytes.set(machine.magics[0]!.magic);
  view.setUint32(20, 1, little);
  word(wide ? 32 : 28, interp === undefined ? 0 : phoff);
  view.setUint16(wide ? 52 : 40, header, little);
  view.setUint16(wide ? 54 : 42, phdr, little);
  view.setUint16(wide ? 56 : 44, interp === undefined ? 0 : 1, little);
  if (interp === undefined) return bytes.slice(0, header);
  const PT_INTERP = 3;
  view.setUint32(phoff, PT_INTERP, little);
  word(phoff + (wide ? 8 : 4), phoff + phdr);
  word(phoff + (wide ? 32 : 16), interp.length);
  bytes.set(interp, phoff + phdr);
  return bytes;
}
