/** An interpreter's file, and what is in it. */
import { startsWith } from "../bytes.ts";
import { EISDIR, ENOENT, O_CLOEXEC, O_NONBLOCK, O_RDONLY, open, pread } from "../linux.ts";
import { part, perMachine, u16, utf8 } from "../outside.ts";
import * as file from "../system/file.ts";
import { isScript, SCRIPT_HEAD, scriptInterpreter } from "./shebang.ts";

/** The kernel follows no more: exec_binprm() in fs/exec.c. */
const MAX_SCRIPTS = 5;
const E_MACHINE = 18;
const EM_NONE = 0;
const EM_386 = 3;
const EM_ARM = 40;
const EM_X86_64 = 62;
const EM_AARCH64 = 183;

const buffer = new Uint8Array(SCRIPT_HEAD);

/** Is the interpreter that was looked at last no program of this machine? */
export let isForeign = false;

/** None was looked at. */
export function forget(): void {
  isForeign = false;
}

/**
 * Is the interpreter there, and no directory? Looks into it, too: one that is itself foreign, or a
 * script that such a one would start, would be given to us in turn, perhaps for ever. What cannot
 * be read, for want of the right or of a descriptor, is taken as it is, and so is a script that
 * leads nowhere: execve will tell.
 */
export function isThere(path: Uint8Array): boolean {
  forget();
  const descriptor = openFile(path);
  if (descriptor === ENOENT) return false;
  if (descriptor < 0) return file.isThere(path);
  const length = pread(descriptor, buffer, 0);
  if (length === EISDIR) return false;
  isForeign = leadsAbroad(length);
  return true;
}

function openFile(path: Uint8Array): number {
  return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/** The file's first bytes were read, so many of them. */
function leadsAbroad(read: number): boolean {
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

/** May the kernel start it without asking anybody? */
function isNative(head: Uint8Array): boolean {
  const machine = machineOf(head);
  return machine === perMachine(EM_X86_64, EM_AARCH64) || machine === perMachine(EM_386, EM_ARM);
}

/** Is it an executable or a library that the kernel runs itself, as NATIVE says? */
export function isOwnProgram(head: Uint8Array): boolean {
  const E_TYPE = 16;
  const ET_EXEC = 2;
  const ET_DYN = 3;
  const machine = machineOf(head);
  const isOwn = machine === perMachine(EM_X86_64, EM_AARCH64) ||
    machine === perMachine(EM_386, EM_AARCH64);
  if (!isOwn) return false;
  const e_type = u16(head, E_TYPE);
  return e_type === ET_EXEC || e_type === ET_DYN;
}

/** e_machine; 0, which is no machine, if it is not an ELF file. */
function machineOf(head: Uint8Array): number {
  if (head.length < E_MACHINE + 2 || !startsWith(head, utf8("\x7fELF"))) return EM_NONE;
  return u16(head, E_MACHINE);
}
