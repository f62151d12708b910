/**
 * What was seen of one file at this start: a table that was made from it is compared with that,
 * instead of looking a second time. It has to be forgotten before time goes by.
 */
import { NONE, same } from "../bytes.ts";
import { copy } from "../outside.ts";
import * as file from "./file.ts";

let isKept = false;
let path: Uint8Array = NONE;
const identity = new Uint8Array(file.IDENTITY_SIZE);

/** Keeps what was just seen of the file of this name. */
export function keep(name: Uint8Array): void {
  isKept = true;
  path = name;
  copy(identity, 0, file.identity);
}

export function forget(): void {
  isKept = false;
}

/** The identity of the file of this name; undefined if it does not exist. */
export function identityOf(name: Uint8Array): Uint8Array | undefined {
  if (isKept && same(path, name)) return identity;
  return file.look(name) ? file.identity : undefined;
}
