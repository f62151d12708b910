import { wordsOf } from "../error_words.ts";
import { ENOENT, getcwd, PATH_MAX } from "../linux.ts";
import { fail } from "../message.ts";
import { part } from "../outside.ts";

const path = new Uint8Array(PATH_MAX);

/** The caller's working directory; one that is gone ends the handler. */
export function workingDirectory(): Uint8Array {
  const length = getcwd(path);
  if (length === ENOENT) fail(126, "its working directory was deleted");
  if (length < 1) fail(126, "its working directory cannot be told: ", wordsOf(length));
  return part(path, 0, length - 1);
}
