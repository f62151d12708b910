import { type Facts, folder } from "./facts.ts";
import { isUtf8 } from "./is_utf8.ts";
import { WRAPPER_WORDS } from "./wrapper_words.ts";

/**
 * Why muvm cannot be asked to run this program; undefined where it can. It ends for root, has its
 * sockets below XDG_RUNTIME_DIR and takes command lines in UTF-8 alone.
 */
export function wrapperObstacle(facts: Facts): string | undefined {
  if (facts.euid === 0) return WRAPPER_WORDS.root;
  if (folder(facts, "XDG_RUNTIME_DIR") === undefined) return WRAPPER_WORDS.runtime;
  const told = [facts.program, facts.argv0, ...facts.args, facts.cwd];
  return told.every(isUtf8) ? undefined : WRAPPER_WORDS.utf8;
}
