/**
 * Small programs that tests run: real ones for this project's two hosts, and headers for every
 * machine.
 */
import { compile } from "../lib/compiler/compile.ts";
import { imageOf } from "../lib/native/elf_image.ts";
import { type Host, Program } from "../lib/native/program.ts";
import { buildElf, type Shape } from "./elf/build_elf.ts";
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

/** An ELF file of any machine with valid headers and nothing else. */
export function headersOf(
  machine: string,
  shape: Omit<Shape, "machine"> = {},
): Uint8Array<ArrayBuffer> {
  return buildElf({ machine, ...shape });
}
