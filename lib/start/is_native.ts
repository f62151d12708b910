import { NATIVE } from "../elf/machines.ts";
import type { Program } from "./decision.ts";

/** Does the host's kernel run the program itself? */
export function isNative(
  program: Pick<Program, "name" | "linkage"> | undefined,
  host: string,
): boolean {
  return program?.linkage !== undefined && (NATIVE[host] ?? []).includes(program.name);
}
