import type { Host } from "./language.ts";

/** A program at its final addresses: an image without its options. */
export interface LinkedCode {
  readonly host: Host;
  readonly e_machine: number;
  readonly text: Uint8Array;
  readonly rodata: Uint8Array;
  /** Bytes. */
  readonly bssSize: number;
  /** Address of the first instruction. */
  readonly entry: number;
  /** For debuggers; if empty, the image has no symbol table. */
  readonly symbols: readonly Symbol[];
  /** How many options the code reads, and an image must have. */
  readonly options: number;
}

export interface Symbol {
  readonly name: string;
  readonly section: ".text" | ".bss";
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  readonly global?: boolean;
}

/** JSON, with bytes in base64. */
export function encodeCode(code: LinkedCode): Uint8Array<ArrayBuffer> {
  const json = { ...code, text: code.text.toBase64(), rodata: code.rodata.toBase64() };
  return new TextEncoder().encode(JSON.stringify(json));
}

/** Decodes what encodeCode() wrote. It is part of the program, and so is trusted. */
export function decodeCode(bytes: Uint8Array): LinkedCode {
  const json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  return {
    ...json,
    text: Uint8Array.fromBase64(json.text),
    rodata: Uint8Array.fromBase64(json.rodata),
  };
}
