import { imageOf } from "../lib/native/elf_image.ts";
import { type Host, Program } from "../lib/native/program.ts";

/** A program that exits at once with status 0. */
export function nothing(host: Host): Uint8Array {
  const p = new Program(host);
  const result = p.variable("result");
  p.entry(p.variable("stack"), () => p.syscall(result, "exit_group", 0));
  return imageOf(p.code());
}
