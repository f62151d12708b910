/**
 * Keeps one file's identity, so that comparing a table with its sources saves a statx. Forget it
 * before anything that takes time.
 */
import { NONE, same } from "../bytes.ts";
import { copy } from "../outside.ts";
import * as file from "./file.ts";

let isKept = false;
let path: Uint8Array = NONE;
const identity = new Uint8Array(file.IDENTITY_SIZE);

/** Keeps the identity of the file that was looked at last. */
export function keep(name: Uint8Array): void {
  isKept = true;
  path = name;
  copy(identity, 0, file.identity);
}

export function forget(): void {
  isKept = false;
}

/** The identity of the file at a path; undefined if it does not exist. */
export function identityOf(name: Uint8Array): Uint8Array | undefined {
  if (isKept && same(path, name)) return identity;
  return file.look(name) ? file.identity : undefined;
}
