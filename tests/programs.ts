/**
 * Small programs that tests run: real ones for this project's two hosts, and headers for every
 * machine.
 */
import { MACHINES } from "../lib/elf/machines.ts";
import { type Operand, Program, type Target } from "../lib/native/program.ts";

/** Ends what `reporter` prints of one kind. */
const SEPARATOR = "\x1e";

export interface Report {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
}

/**
 * A program that prints its arguments, environment and working directory, each string with a zero
 * byte, and ends with the number of its arguments as status.
 */
export function reporter(target: Target): Uint8Array<ArrayBuffer> {
  const p = new Program(target);
  const stack = p.variable("stack");
  const cursor = p.variable("cursor");
  const text = p.variable("text");
  const end = p.variable("end");
  const result = p.variable("result");
  const print = p.procedure("print", [text], () => {
    const byte = p.variable("byte");
    p.set(end, text);
    p.loop(() => {
      p.read(byte, 1, end);
      p.do(end, end, "+", 1);
      p.if(byte, "==", 0, () => p.leave());
    });
    p.do(end, end, "-", text);
    p.syscall(result, "write", 1, text, end);
  });
  const folder = p.buffer("folder", 4096);
  p.entry(stack, () => {
    const string = p.variable("string");
    p.do(cursor, stack, "+", 8);
    for (const _ of ["argv", "envp"]) {
      p.read(string, 8, cursor);
      p.while(string, "!=", 0, () => {
        p.call(print, string);
        p.do(cursor, cursor, "+", 8);
        p.read(string, 8, cursor);
      });
      p.do(cursor, cursor, "+", 8);
      p.call(print, p.text(SEPARATOR));
    }
    p.syscall(result, "getcwd", folder, 4096);
    p.call(print, folder);
    p.read(string, 8, stack);
    p.syscall(result, "exit_group", string);
  });
  return p.image();
}

/** What `reporter` printed. */
export function parseReport(stdout: string): Report {
  const [argv = "", env = "", cwd = ""] = stdout.split(`${SEPARATOR}\0`);
  const strings = (text: string) => text.split("\0").slice(0, -1);
  return { argv: strings(argv), env: strings(env), cwd: cwd.replace(/\0$/, "") };
}

/** A program that prints a text and ends with a status. */
export function speaker(target: Target, text: string, status = 0): Uint8Array<ArrayBuffer> {
  const p = new Program(target);
  const result = p.variable("result");
  p.entry(p.variable("stack"), () => {
    const size: Operand = new TextEncoder().encode(text).length;
    p.syscall(result, "write", 1, p.text(text), size);
    p.syscall(result, "exit_group", status);
  });
  return p.image();
}

export interface HeaderOptions {
  /** PT_INTERP; none: a static program. */
  readonly interp?: string;
  /** Where the program headers stand; by default right behind the ELF header. */
  readonly phoff?: number;
}

/** An ELF file of any machine: right headers and nothing behind them. */
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
  // The machine's own magic: its identification, e_type, e_machine and, of MIPS, e_flags.
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
