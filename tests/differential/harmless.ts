import { assert, assertEquals } from "@std/assert";
import { DAMAGED } from "../../lib/handler/decide/table.ts";
import { MARKER } from "../../lib/routes/format.ts";
import { DIRECTORIES } from "./damaged_tables.ts";
import { bytesAsLetters, type Came, RESOLVER } from "./table_start.ts";

/** Said where a table's sources seem to have changed, and there is no resolver to ask. */
const LAST = `binfmt-dispatcher: Cannot compile a new route table: ${RESOLVER} failed, ` +
  "using the last one\n";

/** What a start did with its table; anything that does harm is an error. */
export type Harmless =
  | "executed"
  | "itself"
  | "126"
  | "127"
  /** It says that the table is damaged. */
  | "damaged"
  /** It says that there is no table. */
  | "passed over"
  | "unknown interpreter";

const WORDS: readonly (readonly [string, Harmless])[] = [
  [DAMAGED, "damaged"],
  [`neither a route table nor ${RESOLVER} is here`, "passed over"],
  ["which is not a configured interpreter", "unknown interpreter"],
];

/**
 * Has a start with this table come to an end that does no harm? What is executed is a string of the
 * table; else there are words, and a status that tells of them.
 */
export function harmless(table: Uint8Array, came: Came): Harmless {
  const said = isLast(came) ? came.said.slice(LAST.length) : came.said;
  if ("path" in came) {
    assertEquals(said, "");
    assert(isString(table, came.path), `executes “${came.path}”`);
    return "executed";
  }
  if ("itself" in came) return "itself";
  const { status } = came;
  assert(said.startsWith("binfmt-dispatcher: Cannot run “"), said);
  const known = WORDS.find(([words]) => said.includes(words));
  if (known === undefined && (status === 126 || status === 127)) return `${status}`;
  assert(known !== undefined, said);
  assertEquals(status, known[1] === "unknown interpreter" ? 126 : 125);
  return known[1];
}

/** Did a table serve whose sources have changed? */
export function isLast({ said }: Came): boolean {
  return said.startsWith(LAST);
}

/** Does it stand in the table, where nothing but the caller's directories is filled in? */
function isString(table: Uint8Array, path: string): boolean {
  const letter = (marker: number) => bytesAsLetters(new Uint8Array([marker]));
  return bytesAsLetters(table)
    .replaceAll(letter(MARKER.HOME), DIRECTORIES.HOME)
    .replaceAll(letter(MARKER.XDG_DATA_HOME), DIRECTORIES.XDG_DATA_HOME)
    .includes(path);
}
