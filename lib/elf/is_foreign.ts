import { EHDR } from "./constants.ts";
import { NATIVE_E_MACHINES } from "./machines.ts";

/** Bytes of a file that decide: up to e_machine. */
export const FOREIGN_HEAD = 20;

/**
 * Is a file with this head foreign to a host: neither an ELF file of an e_machine that its kernel
 * runs itself nor a script? Such an interpreter would be given to us in turn, perhaps for ever. The
 * native handler looks at the same: e_machine is read as the host's own programs have it,
 * little-endian.
 */
export function isForeign(head: Uint8Array, host: string): boolean {
  if (head[0] === 0x23 && head[1] === 0x21) return false;
  const elf = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
  const native = host === "x86_64" || host === "aarch64" ? NATIVE_E_MACHINES[host] : [];
  const e_machine = (head[EHDR.e_machine] ?? 0) | (head[EHDR.e_machine + 1] ?? 0) << 8;
  return !elf || !native.some((each) => each === e_machine);
}
