// Shows docs/security.md#a-damaged-or-hostile-table
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { buildHandler } from "../../tasks/handler_code.ts";
import { HANDLER } from "../../lib/paths.ts";
import { imageOf } from "../../lib/native/elf_image.ts";
import { Program } from "../../lib/native/program.ts";
import { test } from "../abilities.ts";
import { buildElf } from "../elf/build_elf.ts";
import { HOST, OTHER_PAGE_SIZE, PAGE_SIZE } from "../handler/stage.ts";
import { Cell, type Entry, type Order } from "./cell.ts";
import { checkedHandler } from "./checked_handler.ts";
import { DamagedTables, DIRECTORIES, FOREIGN, LINKS, PRESENT } from "./damaged_tables.ts";
import { type Harmless, harmless, isLast } from "./harmless.ts";
import {
  allAsLetters,
  ARGV,
  bytesAsLetters,
  CWD,
  environmentOf,
  type Outcome,
  PROGRAMS,
  RESOLVER,
  SERVER,
  type Start,
  start,
  startInDeno,
  TABLES_DIRECTORY,
} from "./table_start.ts";
import { withoutBounds } from "./without_bounds.ts";

const SEED = 20261122;
const RUNS = 50_000;
/** One in so many damaged tables also goes to the handler without checks. */
const REAL_ONES = 20;
const FRESH_RUNS = 2_000;
const MUTANT_RUNS = 300;

const OPTIONS = { resolver: RESOLVER, tables: TABLES_DIRECTORY };
/** The starter ends a watched program by this signal at its execve. */
const SIGKILL = 9;
const SIGSEGV = 11;
/** How the probe ends. */
const PROBED = 7;

const TABLES = new DamagedTables(PAGE_SIZE, OTHER_PAGE_SIZE);

async function open(handler: Uint8Array): Promise<Cell> {
  const cell = await Cell.open(handler, HOST);
  const files = new Map<string, Entry>(PRESENT.map((path) => [path, cell.probe]));
  files.set(FOREIGN, cell.image(buildElf({ machine: "sparc" })));
  files.set(SERVER, "server");
  for (const [path, file] of Object.entries(PROGRAMS)) files.set(path, cell.image(file));
  for (const [path, link] of Object.entries(LINKS)) files.set(path, { link });
  await cell.furnish(files, Object.values(DIRECTORIES));
  return cell;
}

function orderOf(start: Start): Order {
  const { program, terminal } = start;
  return { program, terminal, cwd: CWD, argv: ARGV, env: environmentOf(start) };
}

/** Starts the program through the kernel; a signal is an error. */
async function startNatively(cell: Cell, table: Uint8Array, start: Start): Promise<Outcome> {
  cell.setTable(table);
  const { status, signal, execve } = await cell.start({ ...orderOf(start), watched: true });
  const said = cell.said();
  if (execve === undefined) {
    assertEquals(signal, undefined, said);
    return { status: status!, said };
  }
  assertEquals(signal, SIGKILL);
  const { path, argv, env } = execve;
  // The path that main() in Deno is given for the handler.
  const named = (word: string) => word.replaceAll(cell.handler, HANDLER);
  return {
    path: bytesAsLetters(path),
    argv: allAsLetters(argv).map(named),
    env: allAsLetters(env).map(named),
    said,
  };
}

test({
  name: `${RUNS} damaged tables: the handler touches nothing else and does what it does in Deno`,
  needs: ["binfmt_misc", "gcc"],
  fn: async () => {
    await using checked = await open(checkedHandler(OPTIONS));
    await using real = await open(buildHandler({ ...OPTIONS, host: HOST }));
    const seen = new Map<Harmless | "last", number>();
    let runs = 0;
    const property = fc.asyncProperty(TABLES.damage, start, async (damage, start) => {
      const table = TABLES.build(damage);
      const expected = startInDeno(table, start, false);
      const outcome = await startNatively(checked, table, start);
      // The program is executed by its descriptor, without a path.
      if ("itself" in expected) return assertEquals("path" in outcome && outcome.path, "");
      const last = isLast(outcome) ? ["last" as const] : [];
      for (const each of [harmless(table, outcome), ...last]) {
        seen.set(each, (seen.get(each) ?? 0) + 1);
      }
      assertEquals(outcome, expected);
      if (runs++ % REAL_ONES === 0) assertEquals(await startNatively(real, table, start), outcome);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
    const least: Readonly<Partial<Record<Harmless | "last", number>>> = {
      ...{ "executed": 1000, "damaged": 1000, "126": 1000, "127": 1000, "passed over": 1000 },
      ...{ "unknown interpreter": 10, "last": 10 },
    };
    for (const [what, n] of Object.entries(least)) {
      assert((seen.get(what as Harmless) ?? 0) >= n, JSON.stringify([...seen]));
    }
  },
});

/** A program that writes a file's content to standard output. */
function cat(file: string): Uint8Array<ArrayBuffer> {
  const AT_FDCWD = -100, ROOM = 0x10_0000;
  const p = new Program(HOST);
  const result = p.variable("result"), stack = p.variable("stack");
  const buffer = p.buffer("buffer", ROOM);
  p.entry(stack, () => {
    p.syscall(result, "openat", AT_FDCWD, p.text(file), 0, 0);
    p.syscall(result, "read", result, buffer, ROOM);
    p.syscall(result, "write", 1, buffer, result);
    p.syscall(result, "exit_group", 0);
  });
  return imageOf(p.code());
}

test({
  name: `${FRESH_RUNS} damaged tables from the resolver: the handler touches nothing else`,
  needs: ["binfmt_misc", "gcc"],
  fn: async () => {
    await using cell = await open(checkedHandler(OPTIONS));
    cell.write(RESOLVER, cat("/fresh"));
    const seen = new Map<string, number>();
    const property = fc.asyncProperty(TABLES.damage, start, async (damage, start) => {
      const table = TABLES.build(damage);
      if ("itself" in startInDeno(table, start)) return;
      cell.write("/fresh", table);
      // Without directories no table is kept.
      const { status, signal } = await cell.start(orderOf({ ...start, directoriesKnown: false }));
      const said = cell.said();
      assertEquals(signal, undefined, said);
      const report = cell.report();
      // At a terminal a table's notices may come first.
      const words = start.terminal ? said.slice(said.lastIndexOf("binfmt-dispatcher: ")) : said;
      if (report === undefined) {
        assert(words.startsWith("binfmt-dispatcher: Cannot run “"), said);
        assert([125, 126, 127].includes(status!), `status ${status}`);
      } else assertEquals(status, PROBED);
      seen.set(`${status}`, (seen.get(`${status}`) ?? 0) + 1);
    });
    await fc.assert(property, { seed: SEED, numRuns: FRESH_RUNS });
    for (const status of [PROBED, 125, 126, 127]) {
      assert((seen.get(`${status}`) ?? 0) > 50, JSON.stringify([...seen]));
    }
  },
});

/** Drops the checks that a place is in the table. */
function readMutant(path: string): string {
  const text = Deno.readTextFileSync(path);
  if (!path.endsWith("decide/table.ts")) return text;
  const mutant = text.replaceAll(/if \(.*\) damaged\(\);/g, "");
  assert(mutant !== text);
  return mutant;
}

test({
  name: "damaged tables do harm to a handler that does not check whether places are in its table",
  needs: ["binfmt_misc", "gcc"],
  fn: async () => {
    await using cell = await open(withoutBounds(() => checkedHandler(OPTIONS, readMutant)));
    let ended = 0;
    const property = fc.asyncProperty(TABLES.damage, start, async (damage, start) => {
      cell.setTable(TABLES.build(damage));
      const { signal } = await cell.start({ ...orderOf(start), watched: true });
      if (signal === SIGSEGV) ended++;
    });
    await fc.assert(property, { seed: SEED, numRuns: MUTANT_RUNS });
    assert(ended > MUTANT_RUNS / 10, `${ended}`);
  },
});
