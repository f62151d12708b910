/** The caller's home folder with all links resolved. */
import { decimal, join, NONE } from "../bytes.ts";
import * as caller from "../caller.ts";
import { close, O_CLOEXEC, O_DIRECTORY, O_PATH, open, PATH_MAX, readlink } from "../linux.ts";
import { part, utf8 } from "../outside.ts";

const link = new Uint8Array(64);
const target = new Uint8Array(PATH_MAX);

/** Empty where it is unset, is no folder, or is not to be trusted. */
export function findHome(): Uint8Array {
  const given = caller.folder("HOME");
  if (given === undefined) return NONE;
  const descriptor = open(given, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return NONE;
  const length = readlink(join(link, utf8("/proc/self/fd/"), decimal(descriptor)) ?? NONE, target);
  close(descriptor);
  return length < 0 ? NONE : part(target, 0, length);
}
