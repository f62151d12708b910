import type { Read } from "../elf/header.ts";

/** What is known of one start of a program. All strings are bytes, as the kernel has them. */
export interface Facts {
  /** The path as the kernel gives it. */
  readonly program: Uint8Array;
  readonly argv0: Uint8Array;
  /** The program's own arguments, argv[0] not among them. */
  readonly args: readonly Uint8Array[];
  /** The path with all links resolved. */
  readonly canonical: Uint8Array;
  /** $HOME with all links resolved; undefined where it is unset or no folder. */
  readonly home: Uint8Array | undefined;
  /** `NAME=value`. */
  readonly env: readonly Uint8Array[];
  readonly cwd: Uint8Array;
  /** Bytes. */
  readonly page_size: number;
  /** The effective user's id. */
  readonly euid: number;
  /** Are descriptors 0, 1 and 2 all terminals? */
  readonly terminal: boolean;
  /** AT_SECURE: nothing that the caller says is trusted. */
  readonly secure: boolean;
  /** Of the program's file. */
  readonly read: Read;
  readonly exists: (path: Uint8Array) => boolean;
  /**
   * Can the file at this path be read and is no program of this machine (see isForeignProgram() of
   * lib/explain)?
   */
  readonly isForeign: (path: Uint8Array) => boolean;
}

const encoder = new TextEncoder();
const SLASH = 0x2f;

/** A variable's value; undefined where it is unset or not to be trusted. */
export function variable(facts: Facts, name: string): Uint8Array | undefined {
  if (facts.secure) return undefined;
  const start = encoder.encode(`${name}=`);
  return facts.env.find((entry) => startsWith(entry, start))?.subarray(start.length);
}

/** The same for a folder: what is no absolute path counts as unset. */
export function folder(facts: Facts, name: string): Uint8Array | undefined {
  const value = variable(facts, name);
  return value?.[0] === SLASH ? value : undefined;
}

/** $XDG_DATA_HOME, else ~/.local/share. */
export function dataHome(facts: Facts): Uint8Array | undefined {
  const home = folder(facts, "HOME");
  return folder(facts, "XDG_DATA_HOME") ??
    (home && concat(home, encoder.encode("/.local/share")));
}

export function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.length <= bytes.length && start.every((byte, i) => bytes[i] === byte);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
