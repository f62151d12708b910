import { decimal, join, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import { close, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, openIn } from "../linux.ts";
import { print, say } from "../message.ts";
import { utf8 } from "../outside.ts";
import * as caches from "./caches.ts";
import { hash } from "./hash.ts";
import { isAnybodyReading } from "./terminals.ts";
import * as userLayer from "./user_layer.ts";

const name = new Uint8Array(32);

/**
 * Tells a person that the layer there is another user's and does not count, as the resolver does of
 * one that others can write. Once: a file beside the caller's tables keeps that in mind.
 */
export function tellOfForeignLayer(): void {
  if (!userLayer.isForeign || !isAnybodyReading()) return;
  caches.choose();
  if (caches.folder < 0) return;
  const made = makeMark();
  if (made >= 0) {
    tell();
    close(made);
  }
  caches.close();
}

/** Fails where it is there. */
function makeMark(): number {
  const mark = join(name, utf8("told-"), hash(userLayer.path)) ?? NONE;
  const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  return openIn(caches.folder, mark, flags, 0o600);
}

function tell(): void {
  say("binfmt-dispatcher: Cannot use “", userLayer.path, "”: “", userLayer.path, "” belongs to ");
  say("user ", decimal(userLayer.owner));
  say(", not to user ", decimal(caller.euid), " or root, ignoring it");
  print();
}
