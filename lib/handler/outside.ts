/**
 * All that the handler's own code cannot do: memory with its bounds, what the kernel left on the
 * stack, and system calls. Natively each function here is a few instructions of its own
 * (lib/compiler/intrinsics.ts). In Deno, `use()` says what stands outside.
 */
import type { OptionName } from "./options.ts";
import { checkSyscall, type SyscallName } from "../native/syscalls.ts";

/** What the handler's code finds around it where no kernel started it. */
export interface Outside {
  readonly machine: "x86_64" | "aarch64";
  /** argc, argv, 0, envp, 0, auxiliary vector, 0: words, as create_elf_tables() lays them. */
  readonly stack: readonly number[];
  /** The string at an address, without its zero byte. */
  stringAt(address: number): Uint8Array;
  /** A number that stands for these bytes; storeAddress() stores it. */
  addressOf(bytes: Uint8Array): number;
  /** A file's bytes; undefined where they cannot be had. */
  map(descriptor: number, size: number): Uint8Array | undefined;
  /** What the kernel returns; −errno for an error. */
  syscall(name: SyscallName, args: readonly (number | Uint8Array)[]): number;
  option(name: OptionName): Uint8Array;
}

/** Where the stack's first word stands in Deno. */
const STACK = 2 ** 50;

let outside: Outside | undefined;

/** Says what stands outside from now on. */
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

/** The bytes from an index up to another, in the same memory. */
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

/** A written-down string's bytes; bytes stay as they are. */
export function utf8(words: string | Uint8Array): Uint8Array {
  return typeof words === "string" ? encoder.encode(words) : words;
}

/** One of two numbers, by the machine that the handler is for. */
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

/** Where the stack's n-th word stands. */
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

/** Stores, as eight bytes at an index, where the bytes `of` stand for the kernel. */
export function storeAddress(into: Uint8Array, index: number, of: Uint8Array): void {
  storeWord(into, index, known().addressOf(of));
}

/** Stores a word of the stack, an address, as eight bytes at an index. */
export function storeWord(into: Uint8Array, index: number, word: number): void {
  const slot = part(into, index, index + 8);
  new DataView(slot.buffer, slot.byteOffset, slot.length).setBigUint64(0, BigInt(word), true);
}

/** An open file's bytes; writable where `writable` is 1, without a change of the file. */
export function map(descriptor: number, size: number, _writable: number): Uint8Array | undefined {
  return known().map(descriptor, size);
}

/** Gives what the kernel returns: −errno for an error. Only linux.ts may call it. */
export function syscall(name: SyscallName, ...args: (number | Uint8Array)[]): number {
  checkSyscall(name, args);
  return known().syscall(name, args);
}
