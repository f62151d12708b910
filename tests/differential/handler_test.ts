import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { buildHandler } from "../../tasks/handler_code.ts";
import type { Host } from "../../lib/native/language.ts";
import { type Ability, test } from "../abilities.ts";
import { HOST, PAGE_SIZE } from "../handler/stage.ts";
import { compile, keyOf } from "../routes/subject.ts";
import { files } from "../specification/random_layers.ts";
import { homeOf, world } from "../specification/random_worlds.ts";
import { specification } from "../specification/specification.ts";
import {
  type Command,
  type Explanation,
  type Outcome,
  plain,
  type World,
} from "../specification/world.ts";
import { Cell, type Ended, EUID, type Order } from "./cell.ts";
import type { Report } from "./report.ts";
import { type Scene, sceneOf } from "./scene.ts";

const SEED = 20261122;
const OTHER: Host = HOST === "x86_64" ? "aarch64" : "x86_64";
/** How the probe ends. */
const PROBED = 7;

const EXPECTED = [
  ...["started", "started through muvm", "not a program", "damaged program", "unknown override"],
  ...["no interpreter", "foreign interpreter"],
];

/** What does not affect the choice, and must reach the interpreter unchanged. */
type Surroundings = Required<
  Pick<Order, "open" | "umask" | "blocked" | "ignored" | "pending">
>;

/** Without SIGALRM, which the starter uses, and signals that stop or cannot be blocked. */
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

/** For an emulator, which has signals and descriptors of its own. */
const PLAIN: Surroundings = { open: 7, umask: 0o22, blocked: 0n, ignored: 0n, pending: 0n };

/** Without flag P, argv[0] is the program's path. */
function withoutFlagP(world: World): World {
  return { ...world, argv0: world.program };
}

/**
 * qemu-user keeps one variable of each name (util/envlist.c). To a handler that is started by hand,
 * a word without a slash is an errand.
 */
function emulated<Some extends World>(world: Some): Some {
  const named = world.env.filter((entry) => entry.includes("="));
  const env = [...new Map(named.map((entry) => [entry.split("=", 1)[0], entry])).values()];
  const { program: given, cwd } = world;
  const program = given.includes("/") ? given : plain(`${cwd}/${given}`);
  return { ...world, program, env, home: homeOf(env) };
}

/** What is open in the interpreter; the kernel's descriptor of the program is not. */
function expectedOpen({ open }: Surroundings, terminal: boolean): Record<string, string> {
  const given = Array.from({ length: 10 }, (_, at) => [at, open >> at & 1] as const)
    .filter(([, is_open]) => is_open).map(([at]) => at);
  const free = [...given.keys(), given.length].find((at) => !given.includes(at))!;
  const where = (at: number) => at < 2 ? "/dev/null" : at === 2 ? "/said" : "/dev/zero";
  const entries = given.map((at) => [at, terminal && at <= 2 ? "/dev/pts/0" : where(at)]);
  // The handler opens /dev/null in place of 0, 1 or 2, so that no other file is opened there.
  return Object.fromEntries(free <= 2 ? [...entries, [free, "/dev/null"]] : entries);
}

/** What muvm is told of standard input, which is /dev/null if it was closed. */
function inputOf(terminal: boolean): string {
  return terminal ? "open" : "0/dev/null";
}

function isThroughMuvm({ argv }: Command): boolean {
  return argv.includes("guest");
}

/** muvm has a umask of its own, and a pipe in place of an input that it cannot wait for. */
function forMuvm(report: Report, terminal: boolean): Report {
  const open = terminal ? report.open : { ...report.open, 0: "pipe" };
  return { ...report, open, umask: "0077" };
}

function expectedReport(scene: Scene, outcome: Command, around: Surroundings): Report {
  const report = reportOf(scene, outcome, around);
  return isThroughMuvm(outcome) ? forMuvm(report, scene.world.terminal) : report;
}

function reportOf(scene: Scene, outcome: Command, around: Surroundings): Report {
  const { world } = scene;
  const mask = (bits: bigint) => bits.toString(16).padStart(16, "0");
  return {
    argv: outcome.argv,
    env: outcome.env,
    cwd: world.cwd,
    file: outcome.argv[0]!,
    open: expectedOpen(around, world.terminal),
    umask: around.umask.toString(8).padStart(4, "0"),
    blocked: mask(around.blocked),
    ignored: mask(around.ignored),
    pending: mask(around.pending),
  };
}

/** Compares what a start led to with the expected outcome. */
function compare(cell: Cell, scene: Scene, outcome: Outcome, around: Surroundings, ended: Ended) {
  const report = cell.report();
  const heard = (around.open & 4) !== 0;
  const said = heard ? cell.said() : "";
  if ("reason" in outcome) {
    assertEquals([ended.status, report], [outcome.status, undefined], said);
    assert(!heard || said.startsWith("binfmt-dispatcher: Cannot run “"), said);
  } else {
    assertEquals([ended.status, said], [PROBED, ""], `signal ${ended.signal}`);
    assertEquals(report, expectedReport(scene, outcome, around));
  }
}

/** Does the kernel run it itself, without a candidate? */
function isOwn({ candidates, outcome }: Explanation): boolean {
  return !("reason" in outcome) && candidates.length === 0;
}

/** The start's outcome: whether a script's interpreter can run shows only when it is started. */
function startOf(
  told: Explanation,
  { present, foreign, directories, unexecutable }: World,
): Outcome {
  if (!isOwn(told) || "reason" in told.outcome) return told.outcome;
  const path = told.outcome.argv[0]!;
  const isProgram = present.has(path) && !directories.has(path) && !unexecutable.has(path);
  if (isProgram && !foreign.has(path)) return told.outcome;
  return { status: 126, reason: "foreign interpreter" };
}

/** Compares one start through the kernel with the specification's outcome, and names it. */
async function differ(cell: Cell, scene: Scene, outcome: Outcome, around: Surroundings) {
  const { program, argv0, args, cwd, env, terminal } = scene.world;
  const settled = { ...around, open: around.open | (terminal ? 7 : 0) };
  await cell.furnish(scene.files, scene.directories, scene.world.shared);
  const ended = await cell.start({
    ...{ program, cwd, env, terminal },
    argv: [argv0, ...args],
    ...settled,
  });
  compare(cell, scene, outcome, settled, ended);
  if ("reason" in outcome) return outcome.reason;
  return isThroughMuvm(outcome) ? "started through muvm" : "started";
}

/** For each configuration. */
const STARTS = 20;

async function differAll(host: Host, runs: number): Promise<void> {
  const native = host === HOST;
  const options = { host, resolver: "/resolver", tables: "/tables", symbols: true };
  await using cell = await Cell.open(buildHandler(options), host);
  const seen: Record<string, number> = {};
  const starts = fc.array(fc.tuple(world, surroundings), { minLength: STARTS, maxLength: STARTS });
  const property = fc.asyncProperty(fc.noBias(files), fc.noBias(starts), async (files, starts) => {
    const specified = specification(files);
    const tables = new Map<string, Uint8Array>();
    for (const [drawn, around] of starts) {
      const surrounded = native ? around : PLAIN;
      const fixed = { page_size: PAGE_SIZE, euid: EUID, secure: false, cwd: drawn.cwd || "/" };
      const muvm = {
        handler: cell.handler,
        umask: surrounded.umask.toString(8).padStart(3, "0"),
        input: inputOf(drawn.terminal),
      };
      const given = { ...drawn, ...fixed, ...muvm, host, by_hand: !native };
      const scene = sceneOf(cell, native ? given : emulated(given));
      const settled = native ? scene : { ...scene, world: withoutFlagP(scene.world) };
      const key = keyOf(files, settled.world);
      const table = tables.get(key) ?? compile(files, settled.world).table;
      tables.set(key, table);
      cell.setTable(table);
      const told = specified(settled.world);
      // The kernel could not really run these files.
      if (isOwn(told) && told.kind !== undefined) continue;
      const outcome = startOf(told, settled.world);
      const end = await differ(cell, settled, outcome, surrounded);
      seen[end] = (seen[end] ?? 0) + 1;
    }
  });
  await fc.assert(property, { seed: SEED, numRuns: runs / STARTS });
  // This is too rare to be expected in the fewer starts under qemu-user.
  const expected = native ? [...EXPECTED, "not executable"] : EXPECTED;
  const rare = expected.filter((end) => (seen[end] ?? 0) < runs / 200);
  assertEquals(rare, [], JSON.stringify(seen));
}

const NEEDS: readonly Ability[] = ["binfmt_misc", "gcc"];

test({
  name: `the ${HOST} handler does what the specification says, through the kernel`,
  needs: NEEDS,
  fn: () => differAll(HOST, 5_200),
});

test({
  name: `the ${OTHER} handler does what the specification says, under qemu-user`,
  needs: [...NEEDS, "qemu-user-static"],
  fn: () => differAll(OTHER, 520),
});
