/**
 * What the handler's language cannot express: checked access to memory, the initial stack, system
 * calls. Natively each function here is a few instructions (lib/compiler/intrinsics.ts). In Deno,
 * `use()` sets what stands for the kernel.
 */
import type { OptionName } from "./options.ts";
import { checkSyscall, type SyscallName } from "../native/syscalls.ts";

/** What stands for the kernel in Deno. */
export interface Outside {
  readonly machine: "x86_64" | "aarch64";
  /** Words: argc, argv, 0, envp, 0, auxiliary vector, 0; see create_elf_tables(). */
  readonly stack: readonly number[];
  /** The string at an address, without its zero byte. */
  stringAt(address: number): Uint8Array;
  /** A number that stands for these bytes; storeAddress() stores it. */
  addressOf(bytes: Uint8Array): number;
  /** A file's bytes; undefined if mmap fails. */
  map(descriptor: number, size: number): Uint8Array | undefined;
  /** What the kernel returns: −errno for an error. */
  syscall(name: SyscallName, args: readonly (number | Uint8Array)[]): number;
  option(name: OptionName): Uint8Array;
}

/** The address of the stack's first word in Deno. */
const STACK = 2 ** 50;

let outside: Outside | undefined;

/** Sets what stands for the kernel from now on. */
export function use(other: Outside | undefined): void {
  outside = other;
}

function known(): Outside {
  if (outside === undefined) throw new Error("nothing stands outside: call use() first");
  return outside;
}

/** The byte at an index. */
export function at(bytes: Uint8Array, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw new RangeError(`index ${index} of ${bytes.length} bytes`);
  return byte;
}

/** Sets the byte at an index to the value's low eight bits. */
export function put(bytes: Uint8Array, index: number, value: number): void {
  at(bytes, index);
  bytes[index] = value;
}

/** The bytes from an index up to another, not copied. */
export function part(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (from < 0 || from > to || to > bytes.length) {
    throw new RangeError(`bytes ${from} to ${to} of ${bytes.length}`);
  }
  return bytes.subarray(from, to);
}

/** Copies bytes to an index; they may overlap. */
export function copy(into: Uint8Array, index: number, from: Uint8Array): void {
  part(into, index, index + from.length).set(from);
}

/** The two bytes at an index as a little-endian number. */
export function u16(bytes: Uint8Array, index: number): number {
  return at(bytes, index) + at(bytes, index + 1) * 2 ** 8;
}

/** The four bytes at an index as a little-endian number. */
export function u32(bytes: Uint8Array, index: number): number {
  return u16(bytes, index) + u16(bytes, index + 2) * 2 ** 16;
}

const encoder = new TextEncoder();

/** The bytes of a string literal; bytes stay as they are. */
export function utf8(words: string | Uint8Array): Uint8Array {
  return typeof words === "string" ? encoder.encode(words) : words;
}

/** The number for the machine that the handler runs on. */
export function perMachine(x86_64: number, aarch64: number): number {
  return outside?.machine === "aarch64" ? aarch64 : x86_64;
}

export function option(name: OptionName): Uint8Array {
  return known().option(name);
}

/** The stack's n-th word. */
export function stackWord(n: number): number {
  return at32(known().stack, n);
}

function at32(words: readonly number[], n: number): number {
  const word = words[n];
  if (word === undefined) throw new RangeError(`word ${n} of a stack of ${words.length}`);
  return word;
}

/** The address of the stack's n-th word. */
export function stackAddress(n: number): number {
  return STACK + 8 * n;
}

/** The caller's string at an address, without its zero byte. */
export function cString(address: number): Uint8Array {
  return known().stringAt(address);
}

/** The byte of a caller's string at an address; 0 at its end. */
export function peek(address: number): number {
  return known().stringAt(address)[0] ?? 0;
}

/** Stores the address of the bytes `of`, as eight bytes at an index. */
export function storeAddress(into: Uint8Array, index: number, of: Uint8Array): void {
  storeWord(into, index, known().addressOf(of));
}

/** Stores a word of the stack, an address, as eight bytes at an index. */
export function storeWord(into: Uint8Array, index: number, word: number): void {
  const slot = part(into, index, index + 8);
  new DataView(slot.buffer, slot.byteOffset, slot.length).setBigUint64(0, BigInt(word), true);
}

/** Maps an open file privately; writable if `_writable` is 1. */
export function map(descriptor: number, size: number, _writable: number): Uint8Array | undefined {
  return known().map(descriptor, size);
}

/** Returns what the kernel returns: −errno for an error. Only linux.ts may call it. */
export function syscall(name: SyscallName, ...args: (number | Uint8Array)[]): number {
  checkSyscall(name, args);
  return known().syscall(name, args);
}
