import { assert, assertEquals } from "@std/assert";
import { DAMAGED } from "../../lib/handler/decide/table.ts";
import { MARKER } from "../../lib/routes/format.ts";
import { DIRECTORIES } from "./damaged_tables.ts";
import { bytesAsLetters, type Outcome, RESOLVER } from "./table_start.ts";

/** Printed if a table's sources seem to have changed and there is no resolver. */
const LAST = `binfmt-dispatcher: Cannot compile a new route table: ${RESOLVER} failed, ` +
  "using the last one\n";

/** A start's outcome that does no harm. */
export type Harmless =
  | "executed"
  | "itself"
  | "126"
  | "127"
  /** The message says that the table is damaged. */
  | "damaged"
  /** The message says that there is no table. */
  | "passed over"
  | "unknown interpreter";

const WORDS: readonly (readonly [string, Harmless])[] = [
  [DAMAGED, "damaged"],
  [`neither a route table nor ${RESOLVER} is here`, "passed over"],
  ["which is not a configured interpreter", "unknown interpreter"],
];

/**
 * Checks that a start with this table did no harm: it executed a string of the table, or failed
 * with a message and the status that belongs to it.
 */
export function harmless(table: Uint8Array, outcome: Outcome): Harmless {
  const said = isLast(outcome) ? outcome.said.slice(LAST.length) : outcome.said;
  if ("path" in outcome) {
    assertEquals(said, "");
    assert(isString(table, outcome.path), `executes “${outcome.path}”`);
    return "executed";
  }
  if ("itself" in outcome) return "itself";
  const { status } = outcome;
  assert(said.startsWith("binfmt-dispatcher: Cannot run “"), said);
  const known = WORDS.find(([words]) => said.includes(words));
  if (known === undefined && (status === 126 || status === 127)) return `${status}`;
  assert(known !== undefined, said);
  assertEquals(status, known[1] === "unknown interpreter" ? 126 : 125);
  return known[1];
}

/** Was the last table used although its sources have changed? */
export function isLast({ said }: Outcome): boolean {
  return said.startsWith(LAST);
}

/** Is the path in the table, after the caller's directories are filled in? */
function isString(table: Uint8Array, path: string): boolean {
  const letter = (marker: number) => bytesAsLetters(new Uint8Array([marker]));
  return bytesAsLetters(table)
    .replaceAll(letter(MARKER.HOME), DIRECTORIES.HOME)
    .replaceAll(letter(MARKER.XDG_DATA_HOME), DIRECTORIES.XDG_DATA_HOME)
    .includes(path);
}
