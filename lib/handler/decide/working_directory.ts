import { first, NONE, SLASH } from "../bytes.ts";
import { wordsOf } from "../error_words.ts";
import { getcwd, isAbsence, PATH_MAX } from "../linux.ts";
import { fail } from "../message.ts";
import { part } from "../outside.ts";

const path = new Uint8Array(PATH_MAX);

/**
 * The caller's working directory; empty if it was deleted or is outside of the caller's root: then
 * getcwd(2) says "(unreachable)".
 */
export function workingDirectory(): Uint8Array {
  const length = getcwd(path);
  if (length < 0 && !isAbsence(length)) {
    fail(126, "its working directory cannot be found: ", wordsOf(length));
  }
  if (length < 1 || first(path) !== SLASH) return NONE;
  return part(path, 0, length - 1);
}
