/** Whether the caller's starts find a route table, where, and if not, why. */
import { errnoWords } from "../errno_words.ts";
import type { HandlerFacts } from "./handler_facts.ts";

export interface RouteTable {
  /** The table, or the directory in which the next start keeps one. */
  readonly path: string | undefined;
  /** made: there is a valid one. next: the next start makes it. never: each start makes its own. */
  readonly kept: "made" | "next" | "never";
  readonly why: string | undefined;
}

/** Words for a directory of tables; other errors have their usual words. */
const ERRORS: Readonly<Record<number, string>> = {
  1: "it or its parent directory is not private to this user",
  2: "no such directory",
  20: "it is not a directory, or a link to one",
  30: "the file system is read-only",
};

/** `whole`: all layers could be read. */
export function routeTable({ table, directories }: HandlerFacts, whole: boolean): RouteTable {
  if (table !== undefined) return { path: table, kept: "made", why: undefined };
  if (!whole) {
    const why = "a layer cannot be read, so its changes would go unnoticed";
    return { path: undefined, kept: "never", why };
  }
  const usable = directories.find(({ errno }) => errno === 0);
  if (usable !== undefined) return { path: usable.path, kept: "next", why: undefined };
  const reasons = directories.map(({ path, errno }) =>
    `${path}: ${ERRORS[errno] ?? errnoWords(errno)}`
  );
  return { path: undefined, kept: "never", why: reasons.join("; ") };
}
