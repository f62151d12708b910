/**
 * `./dev bench [ROUNDS [PROGRAM]]`: what one exec of a foreign program costs, dispatched in several
 * ways, including by another build's PROGRAM, and what a change of the configuration costs.
 * docs/performance.md says how to read it.
 */
import { ADMIN_LAYER, RESOLVER } from "../lib/paths.ts";
import { findIncumbent } from "./bench/incumbent.ts";
import { measureMemory } from "./bench/memory.ts";
import { FOREIGN, QEMU, rules, Setting } from "./bench/setting.ts";
import { buildTimer, type Case, quantile, timeCases, type Timed } from "./bench/spawn_timer.ts";
import { compile, HANDLER, isCurrent, PROGRAM } from "./compile.ts";
import { install } from "./install.ts";
import { say } from "./say.ts";
import { capture } from "./start.ts";

const VERSION = "binfmt-dispatcher --version";
const EXPLAIN = "binfmt-dispatcher explain";
const FEW = 10;
const MANY = 10_000;

/** Ways to start a program: their names, and what is registered for them. */
const WAYS = [
  ["registered directly", "direct"],
  [`handler, ${FEW} rules`, `ours${FEW}`],
  [`handler, ${MANY} rules`, `ours${MANY}`],
  [`the other build, ${FEW} rules`, `other${FEW}`],
  [`the other build, ${MANY} rules`, `other${MANY}`],
  ["shell launcher", "launcher"],
  ["incumbent, no rules", "incumbent"],
] as const;

type Way = typeof WAYS[number][1];
type Results = ReadonlyMap<string, Timed>;

class Bench {
  /** `other`: another build's program, to compare with. */
  constructor(
    readonly timer: string,
    readonly rounds: number,
    readonly other: string | undefined,
  ) {}

  /** Times the cases, prints them, and returns them by name. */
  async table(
    world: Setting,
    title: string,
    rounds: number,
    cases: readonly Case[],
    first: readonly string[] = [],
  ): Promise<Results> {
    const turns = Math.max(5, Math.ceil(rounds));
    const results = await timeCases(world, this.timer, turns, cases, first);
    const width = Math.max(...cases.map(({ name }) => name.length));
    const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(3).padStart(9);
    say(`\n${title}; ms, ${turns} interleaved rounds`);
    say(`${"".padEnd(width)}    median       p99       CPU`);
    cases.forEach(({ name }, index) => {
      const { passed, cpu } = results[index]!;
      const times = [quantile(passed, 0.5), quantile(passed, 0.99), quantile(cpu, 0.5)];
      say(`${name.padEnd(width)} ${times.map(ms).join(" ")}`);
    });
    return new Map(cases.map(({ name }, index) => [name, results[index]!]));
  }
}

/** One start each way, with an interpreter that does nothing and with qemu; and 1,000 in a loop. */
async function benchStarts(bench: Bench): Promise<Results> {
  using world = new Setting();
  world.configure();
  for (const count of [MANY, FEW]) {
    await world.handlers("ours", count, PROGRAM);
    if (bench.other !== undefined) await world.handlers("other", count, bench.other);
  }
  world.registerFor("direct", world.native);
  world.registerFor("qemu", QEMU);
  world.launcher();
  const incumbent = await findIncumbent();
  if (incumbent !== undefined) {
    world.registerFor("incumbent", world.executable("incumbent", await Deno.readFile(incumbent)));
  }
  const ways = WAYS.filter(([, way]) =>
    (way !== "incumbent" || incumbent !== undefined) &&
    (!way.startsWith("other") || bench.other !== undefined)
  );
  const native: Case = { name: "native, no binfmt_misc", command: [world.native] };
  const warm = ["ours", ...(bench.other === undefined ? [] : ["other"])].flatMap((name) =>
    [FEW, MANY].map((count) => world.program(`${name}${count}`))
  );

  const plain = ways.map(([name, way]) => ({ name, command: [world.program(way)] }));
  const title = "One start of a program that does nothing";
  const starts = await bench.table(world, title, bench.rounds, [native, ...plain], warm);

  if ((await capture([QEMU, "--version"])).success) {
    const real = ways.map(([name, way]) => {
      const command = [world.program(way === "direct" ? "qemu" : way, "qemu")];
      return { name, command };
    });
    const title = `The same, and qemu-${FOREIGN} runs it`;
    await bench.table(world, title, bench.rounds / 5, real, warm);
  }

  const loop = 'i=0; while [ $i -lt 1000 ]; do "$0"; i=$((i + 1)); done';
  const loops = [native, ...plain].map(({ name, command }) => (
    { name, command: ["/bin/dash", "-c", loop, ...command] }
  ));
  await bench.table(world, "A shell starts it 1,000 times", bench.rounds / 200, loops, warm);
  return starts;
}

/**
 * The start after a change of a small layer above the shipped configuration; and in between other
 * commands that have to wait for Deno. An idle processor starts slowly, so all begin after a pause,
 * as the first start after a change does: a table is kept only if its sources are that old.
 */
async function benchChanges(bench: Bench): Promise<Results> {
  using world = new Setting();
  const layer = `${world.directory}/layer.toml`;
  await Deno.writeTextFile(
    layer,
    `[machines.${FOREIGN}]\ninterpreter = "nothing"\n` +
      `[interpreters.nothing]\npath = "${world.native}"\nmachines = ["${FOREIGN}"]\n`,
  );
  world.bind(layer, ADMIN_LAYER);
  world.registerFor("ours", world.executable("handler", await Deno.readFile(HANDLER)));
  const command = [world.program("ours")];
  const explain = [RESOLVER, "explain", ...command];
  const rounds = bench.rounds / 20;
  // A start just after a change keeps no table, and explain has more to do without one.
  const without = await bench.table(world, "No table is kept", rounds, [
    { name: "changed just before", command, touch: layer },
    { name: `${EXPLAIN}, without a table`, command: explain, wait: 50 },
  ]);
  const results = await bench.table(world, "The first start after a change", rounds, [
    { name: "the resolver alone", command: [RESOLVER, "routes", "--system"], wait: 50 },
    { name: VERSION, command: [RESOLVER, "--version"], wait: 50 },
    { name: "changed 50 ms before", command, touch: layer, wait: 50 },
    { name: EXPLAIN, command: explain, wait: 50 },
  ], command);
  return new Map([...without, ...results]);
}

/** The resolver alone. */
async function benchCompilation(bench: Bench): Promise<Results> {
  using world = new Setting();
  const cases: Case[] = [{ name: "routes, as shipped", command: [PROGRAM, "routes"] }];
  for (const count of [0, FEW, MANY]) {
    const root = `${world.directory}/root-${count}`;
    await Deno.mkdir(`${root}/etc`, { recursive: true });
    const nothing = `[interpreters.nothing]\npath = "/usr/bin/nothing"\n`;
    await Deno.writeTextFile(`${root}/etc/binfmt-dispatcher.toml`, nothing + rules(count));
    cases.push({ name: `routes, ${count} rules`, command: [PROGRAM, "--root", root, "routes"] });
  }
  return await bench.table(world, "One compilation", bench.rounds / 50, cases);
}

/** The numbers, and what is required of them. */
function judge(starts: Results, changes: Results, compilation: Results): void {
  const median = (results: Results, name: string) => {
    const timed = results.get(name);
    return timed === undefined ? NaN : quantile(timed.passed, 0.5) / 1e6;
  };
  const added = (way: Way) => {
    const name = WAYS.find(([, each]) => each === way)?.[0] ?? "";
    return median(starts, name) - median(starts, "registered directly");
  };
  const line = (what: string, value: number, most: number, digits = 2) => {
    if (Number.isNaN(value)) return;
    const verdict = value <= most ? "as required" : "NOT as required";
    say(`${what.padEnd(58)} ${value.toFixed(digits).padStart(8)}  ≤ ${most}: ${verdict}`);
  };
  say("\nRequired (added: over the interpreter registered directly)");
  for (const count of [FEW, MANY] as const) {
    const ratio = added(`ours${count}`) / added(`other${count}`);
    line(`added with ${count} rules ÷ by the other build`, ratio, 1.05);
  }
  line(
    "added by the handler ÷ by the incumbent",
    added(`ours${FEW}`) / added("incumbent"),
    0.125,
    3,
  );
  line(
    `added with ${MANY} rules ÷ with ${FEW}`,
    added(`ours${MANY}`) / added(`ours${FEW}`),
    1.1,
  );
  for (const [what, most] of [["changed 50 ms before", 1.3], [EXPLAIN, 1.4]] as const) {
    const cpu = (name: string) => quantile(changes.get(name)?.cpu ?? [], 0.5);
    line(`${what} ÷ --version`, median(changes, what) / median(changes, VERSION), most);
    line(`${what} ÷ --version, CPU time`, cpu(what) / cpu(VERSION), most);
  }
  line("first start, changed 50 ms before, ms", median(changes, "changed 50 ms before"), 60, 1);
  line("first start, changed just before, ms", median(changes, "changed just before"), 80, 1);
  line(`compilation of ${MANY} rules, ms`, median(compilation, `routes, ${MANY} rules`), 2000, 0);
}

const [argument = "1000", other] = Deno.args;
const rounds = Number(argument);
if (!Number.isInteger(rounds) || rounds < 1) {
  say(`Cannot run “${argument}” rounds: not a whole number above 0`);
  Deno.exit(2);
}
if (!await install("bench") || !(isCurrent() || await compile())) Deno.exit(1);
const directory = await Deno.makeTempDir();
try {
  const bench = new Bench(await buildTimer(directory), rounds, other);
  const starts = await benchStarts(bench);
  const changes = await benchChanges(bench);
  const compilation = await benchCompilation(bench);
  await measureMemory();
  judge(starts, changes, compilation);
} finally {
  await Deno.remove(directory, { recursive: true });
}
