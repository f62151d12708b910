import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { exitStatus } from "../../lib/failure.ts";
import { buildHandler } from "../../lib/handler/handler.ts";
import type { Config } from "../../lib/config/config.ts";
import type { Target } from "../../lib/native/language.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { evaluate } from "../../lib/routes/evaluate.ts";
import { Table } from "../../lib/routes/table.ts";
import { type Ability, test } from "../abilities.ts";
import { HOST, PAGE_SIZE } from "../handler/stage.ts";
import { byteText } from "../routes/byte_text.ts";
import { config, world } from "../routes/random_worlds.ts";
import { effective } from "../routes/small_config.ts";
import { environment, type Outcome, specification, type World } from "../routes/specification.ts";
import { inBytes, told } from "../routes/told.ts";
import { factsOf } from "../routes/world_facts.ts";
import { Cell, type Ended, EUID, type Order } from "./cell.ts";
import type { Report } from "./report.ts";
import { type Scene, sceneOf } from "./scene.ts";

const SEED = 20261122;
const OTHER: Target = HOST === "x86_64" ? "aarch64" : "x86_64";
/** How the probe ends. */
const PROBED = 7;

/** What is not about the choice: it all has to reach the interpreter as it is. */
type Surroundings = Required<
  Pick<Order, "open" | "umask" | "blocked" | "ignored" | "pending">
>;

/** SIGALRM is the starter's; what stops, or cannot be blocked, is left out. */
const SIGNALS = [1, 2, 3, 10, 12, 13, 15, 17, 23, 28, 34, 64];
const signals = fc.subarray(SIGNALS).map((some) =>
  some.reduce((bits, signal) => bits | 1n << BigInt(signal - 1), 0n)
);
const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  open: fc.oneof(fc.constant(7), fc.nat(0x3ff)),
  umask: fc.constantFrom(0o22, 0, 0o77),
  blocked: signals,
  ignored: signals,
  pending: signals,
}).map((all) => ({ ...all, pending: all.pending & all.blocked & ~all.ignored }));

/** An emulator keeps signals and descriptors of its own. */
const PLAIN: Surroundings = { open: 7, umask: 0o22, blocked: 0n, ignored: 0n, pending: 0n };

/** Without flag P there is no argv[0]: the program's path stands in for it. */
function withoutFlagP(world: World): World {
  return { ...world, argv0: world.program };
}

/** qemu-user keeps variables by name (util/envlist.c). */
function emulated<Some extends World>(world: Some): Some {
  const named = world.further.filter((entry) => entry.includes("="));
  const further = [...new Map(named.map((entry) => [entry.split("=", 1)[0], entry])).values()];
  return { ...world, further };
}

/** What is open when the handler is gone. The kernel's descriptor of the program is closed. */
function expectedOpen({ open }: Surroundings, terminal: boolean): Record<string, string> {
  const given = Array.from({ length: 10 }, (_, at) => [at, open >> at & 1] as const)
    .filter(([, is_open]) => is_open).map(([at]) => at);
  const free = [...given.keys(), given.length].find((at) => !given.includes(at))!;
  const where = (at: number) => at < 2 ? "/dev/null" : at === 2 ? "/said" : "/dev/zero";
  const entries = given.map((at) => [at, terminal && at <= 2 ? "/dev/pts/0" : where(at)]);
  // In place of 0, 1 or 2 stands /dev/null, so that no file is opened there by accident.
  return Object.fromEntries(free <= 2 ? [...entries, [free, "/dev/null"]] : entries);
}

function expectedReport(scene: Scene, outcome: Outcome, around: Surroundings): Report {
  assert("argv" in outcome);
  const { world } = scene;
  const mask = (bits: bigint) => bits.toString(16).padStart(16, "0");
  return {
    argv: outcome.argv,
    env: outcome.env,
    cwd: byteText(world.cwd),
    file: outcome.argv[0]!,
    open: expectedOpen(around, world.terminal),
    umask: around.umask.toString(8).padStart(4, "0"),
    blocked: mask(around.blocked),
    ignored: mask(around.ignored),
    pending: mask(around.pending),
  };
}

/** What the start has to have led to, and what it led to. */
function compare(cell: Cell, scene: Scene, outcome: Outcome, around: Surroundings, ended: Ended) {
  const report = cell.report();
  const heard = (around.open & 4) !== 0;
  const said = heard ? cell.said() : "";
  if ("end" in outcome) {
    const why = { code: outcome.end, what: "", why: "" };
    assertEquals([ended.status, report], [exitStatus(why), undefined], said);
    assert(!heard || said.startsWith("binfmt-dispatcher: Cannot run “"), said);
  } else {
    assertEquals([ended.status, said], [PROBED, ""], `signal ${ended.signal}`);
    assertEquals(report, expectedReport(scene, outcome, around));
  }
}

/** One start, as the three of them see it. */
async function differ(
  cell: Cell,
  config: Config,
  table: Table,
  scene: Scene,
  around: Surroundings,
) {
  const { world } = scene;
  const expected = inBytes(specification(config, world));
  const decision = evaluate(table, factsOf(world, scene.file));
  assert(decision.ok);
  assertEquals(told(config, decision.value), expected);
  const { program, argv0, args, cwd, terminal } = world;
  const settled = { ...around, open: around.open | (terminal ? 7 : 0) };
  await cell.furnish(scene.files, scene.folders);
  const ended = await cell.start({
    ...{ program, cwd, terminal },
    argv: [argv0, ...args],
    env: environment(world),
    ...settled,
  });
  compare(cell, scene, expected.outcome, settled, ended);
  return "end" in expected.outcome ? expected.outcome.end : "started";
}

/** So many starts for each configuration. */
const STARTS = 5;

async function differAll(target: Target, runs: number): Promise<void> {
  const native = target === HOST;
  const options = { host: target, resolver: "/resolver", tables: "/tables", symbols: true };
  await using cell = await Cell.open(buildHandler(options), target);
  const seen: Record<string, number> = {};
  const starts = fc.array(fc.tuple(world, surroundings), { minLength: STARTS, maxLength: STARTS });
  const property = fc.asyncProperty(config, starts, async (config, starts) => {
    const compiled = compileRoutes(effective(config));
    assert(compiled.ok);
    const table = Table.read(compiled.value.table);
    assert(table.ok);
    cell.setTable(compiled.value.table);
    for (const [drawn, around] of starts) {
      const given = native ? drawn : emulated(drawn);
      const scene = sceneOf(cell, { ...given, page_size: PAGE_SIZE, euid: EUID });
      const settled = native ? scene : { ...scene, world: withoutFlagP(scene.world) };
      const end = await differ(cell, config, table.value, settled, native ? around : PLAIN);
      seen[end] = (seen[end] ?? 0) + 1;
    }
  });
  await fc.assert(property, { seed: SEED, numRuns: Math.ceil(runs / STARTS) });
  for (const end of ["started", "no-interpreter", "not-a-program", "internal", "cannot-run"]) {
    assert((seen[end] ?? 0) > runs / 50, JSON.stringify(seen));
  }
}

const NEEDS: readonly Ability[] = ["binfmt_misc", "gcc"];

test({
  name: `the ${HOST} handler does as evaluate() and the specification say, through the kernel`,
  needs: NEEDS,
  fn: () => differAll(HOST, 5_100),
});

test({
  name: `the ${OTHER} handler does as evaluate() and the specification say, under qemu-user`,
  needs: [...NEEDS, "qemu-user-static"],
  fn: () => differAll(OTHER, 510),
});
