/** Looks at an interpreter's file and its first bytes. */
import { EHDR, EM_386, EM_AARCH64, EM_ARM, EM_NONE, EM_X86_64, ET } from "../../elf/constants.ts";
import { startsWith } from "../bytes.ts";
import {
  BINPRM_BUF_SIZE,
  EISDIR,
  ENOENT,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  open,
  pread,
} from "../linux.ts";
import { part, perMachine, u16, utf8 } from "../outside.ts";
import * as file from "../system/file.ts";
import { isScript, scriptInterpreter } from "./shebang.ts";

/** How many scripts the kernel follows: exec_binprm() in fs/exec.c. */
const MAX_SCRIPTS = 5;

const buffer = new Uint8Array(BINPRM_BUF_SIZE);

/** Is the last interpreter foreign, or a script that leads to a foreign program? */
export let isForeign = false;

export function forget(): void {
  isForeign = false;
}

/**
 * Does the interpreter exist, and is it not a directory? Also sets isForeign, since the kernel
 * would start the handler for a foreign interpreter, perhaps without end. A file that cannot be
 * read, or a script without a usable interpreter, counts as native: execve reports it. Descriptors
 * stay open until execve, since closing them would cost system calls.
 */
export function isThere(path: Uint8Array): boolean {
  forget();
  const descriptor = openFile(path);
  if (descriptor === ENOENT) return false;
  if (descriptor < 0) return file.isThere(path);
  const length = pread(descriptor, buffer, 0);
  if (length === EISDIR) return false;
  isForeign = leadsToForeign(length);
  return true;
}

function openFile(path: Uint8Array): number {
  return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/** Does a file whose first bytes are in the buffer lead to a foreign program? */
function leadsToForeign(read: number): boolean {
  let length = read;
  for (let scripts = 0; scripts <= MAX_SCRIPTS; scripts++) {
    if (length < 0) return false;
    const head = part(buffer, 0, length);
    if (!isScript(head)) return !isNative(head);
    const name = scriptInterpreter(head);
    if (name.length === 0) return false;
    const descriptor = openFile(name);
    length = descriptor < 0 ? descriptor : pread(descriptor, buffer, 0);
  }
  return false;
}

/** May the kernel run it itself? */
function isNative(head: Uint8Array): boolean {
  const machine = machineOf(head);
  return machine === perMachine(EM_X86_64, EM_AARCH64) || machine === perMachine(EM_386, EM_ARM);
}

/** Is it an executable or shared object of a machine that NATIVE lists for this host? */
export function isOwnProgram(head: Uint8Array): boolean {
  const machine = machineOf(head);
  const isOwn = machine === perMachine(EM_X86_64, EM_AARCH64) ||
    machine === perMachine(EM_386, EM_AARCH64);
  if (!isOwn) return false;
  const e_type = u16(head, EHDR.e_type);
  return e_type === ET.EXEC || e_type === ET.DYN;
}

/** e_machine; EM_NONE if it is not an ELF file. */
function machineOf(head: Uint8Array): number {
  if (head.length < EHDR.e_machine + 2 || !startsWith(head, utf8("\x7fELF"))) return EM_NONE;
  return u16(head, EHDR.e_machine);
}
