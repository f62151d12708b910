// Shows docs/security.md#a-damaged-or-hostile-table
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { exitStatus, type Result } from "../../lib/failure.ts";
import { dumpTable } from "../../lib/routes/dump.ts";
import { Table } from "../../lib/routes/table.ts";
import { decide } from "../../lib/start/decide.ts";
import type { Decision } from "../../lib/start/decision.ts";
import { OTHER_PAGE_SIZE, PAGE_SIZE } from "../handler/stage.ts";
import { type Damage, DamagedTables } from "./damaged_tables.ts";
import { type Harmless, harmless } from "./harmless.ts";
import {
  allAsLetters,
  factsOf,
  type Outcome,
  PROGRAMS,
  type Start,
  start,
  startInDeno,
} from "./table_start.ts";

const SEED = 20261122;
const RUNS = 140_000;
/** One in so many damaged tables also goes through the handler's own main(), or is dumped. */
const STARTED = 4;
const DUMPED = 50;

const TABLES = new DamagedTables(PAGE_SIZE, OTHER_PAGE_SIZE);

/** Counts the outcomes of decide() and, for some tables, of the handler's main(). */
class Outcomes {
  readonly seen = new Map<string, number>();
  #runs = 0;

  check(damage: Damage, start: Start): void {
    const table = TABLES.build(damage);
    const decided = decide(table, factsOf(start));
    this.#count(kindOf(decided));
    const run = this.#runs++;
    if (run % STARTED === 0) this.#count(`main: ${agree(table, decided, start)}`);
    if (run % DUMPED === 0) this.#count(dump(table) ? "dumped" : "not dumped");
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  /** Each of these outcomes must have been seen, so often at least. */
  expect(least: Readonly<Record<string, number>>): void {
    const rare = Object.entries(least).filter(([what, n]) => (this.seen.get(what) ?? 0) < n);
    assertEquals(rare, [], JSON.stringify([...this.seen]));
  }
}

function kindOf(decided: Result<Decision>): string {
  if (!decided.ok) return "damaged";
  return decided.value.failure?.code ?? "runs";
}

/** The handler looks at less than decide() reports, and must have the same outcome. */
function agree(table: Uint8Array, decided: Result<Decision>, start: Start): Harmless {
  const outcome = startInDeno(table, start);
  const end = harmless(table, outcome);
  if (end === "damaged") assert(!decided.ok);
  if (decided.ok && end !== "passed over") compare(decided.value, outcome);
  return end;
}

function compare({ command, failure, own }: Decision, outcome: Outcome): void {
  assertEquals(own === "program", "itself" in outcome);
  if ("itself" in outcome) return;
  if ("path" in outcome) {
    assert(command !== undefined, failure?.why);
    const { argv, env } = command;
    assertEquals([outcome.argv, outcome.env], [allAsLetters(argv), allAsLetters(env)]);
  } else {
    assert(failure !== undefined, outcome.said);
    assertEquals(outcome.status, exitStatus(failure));
    assertStringIncludes(outcome.said, failure.why);
  }
}

function dump(bytes: Uint8Array): boolean {
  const table = Table.read(bytes);
  return table.ok && dumpTable(table.value).ok;
}

Deno.test("no value of any one word of a table makes anything throw or do harm", () => {
  const outcomes = new Outcomes();
  const programs = Object.keys(PROGRAMS);
  let n = 0;
  for (const damage of TABLES.eachWord()) {
    const program = programs[n % programs.length]!;
    const start = { program, override: n % 3 === 0 ? "home" : undefined };
    const run = { ...start, terminal: n % 4 === 0, directoriesKnown: n % 5 !== 0 };
    try {
      outcomes.check(damage, run);
    } catch (cause) {
      throw new Error(`${JSON.stringify(damage)}, ${JSON.stringify(run)}`, { cause });
    }
    n++;
  }
  assert(n > 50_000);
  outcomes.expect({ "damaged": 1000, "runs": 1000, "dumped": 100, "not dumped": 100 });
});

Deno.test(`${RUNS} damaged tables make nothing throw or do harm`, () => {
  const outcomes = new Outcomes();
  fc.assert(
    fc.property(TABLES.damage, start, (damage, start) => outcomes.check(damage, start)),
    { seed: SEED, numRuns: RUNS },
  );
  outcomes.expect({
    ...{ "damaged": 10_000, "runs": 10_000, "dumped": 100, "not dumped": 100 },
    ...{ "no-interpreter": 1000, "not-a-program": 1000, "cannot-run": 1000 },
    ...{ "main: executed": 10_000, "main: damaged": 1000, "main: passed over": 1000 },
    ...{ "main: 126": 1000, "main: 127": 1000, "main: unknown interpreter": 10 },
    ...{ "main: itself": 50 },
  });
});
