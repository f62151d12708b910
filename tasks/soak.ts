/**
 * `./dev soak [MINUTES]`: injects each fault into each system call of a start, changes files at
 * each call, then starts programs for this many minutes while everything changes, and as long next
 * to a hostile user. docs/reliability.md says what the results must be.
 */
import { CHANGES, meddle, setClocks } from "../tests/soak/meddling.ts";
import { ALL_KINDS, MAKING } from "../tests/soak/kinds.ts";
import { runLoad } from "../tests/soak/load.ts";
import { FaultMachine } from "../tests/soak/on_aarch64.ts";
import { sweep, type Tally } from "../tests/soak/sweep.ts";
import { compile, isCurrent } from "./compile.ts";
import { install } from "./install.ts";
import { leftovers, snapshot } from "./leftovers.ts";
import { say } from "./say.ts";

let problems = 0;

function tell(what: string, found: readonly string[]): void {
  say(what);
  for (const problem of found) say(`  wrong: ${problem}`);
  problems += found.length;
}

function tellOf(what: string, { calls, verdicts, problems }: Tally): void {
  const outcomes = Object.entries(verdicts).map(([name, count]) => `${count} ${name}`);
  tell(`${what}: ${calls} system calls: ${outcomes.join(", ")}`, problems);
}

async function failSystemCalls(): Promise<void> {
  for (const kind of ALL_KINDS) {
    tellOf(kind.name, await sweep(kind, () => true));
  }
}

/** An emulated machine takes about a second for each fault. */
const ONE_IN = 60;

async function failSystemCallsOnAarch64(directory: string): Promise<void> {
  await using machine = await FaultMachine.boot(directory);
  for (const kind of ALL_KINDS) {
    tellOf(`aarch64, ${kind.name}`, await machine.sweep(kind, ONE_IN));
  }
}

async function meddleWithStarts(): Promise<void> {
  for (const kind of MAKING) {
    for (const name of Object.keys(CHANGES) as (keyof typeof CHANGES)[]) {
      const { tried, problems } = await meddle(kind, name, () => true);
      tell(`${kind.name}, ${name}: at ${tried} system calls`, problems);
    }
    const { tried, problems } = await setClocks(kind);
    tell(`${kind.name}, the clock is wrong: ${tried} times`, problems);
  }
}

async function load(seconds: number, hostile: boolean): Promise<void> {
  const what = hostile ? "next to a hostile user" : "while everything changes";
  try {
    const counts = await runLoad({ starts: 0, seconds, seed: Date.now() % 1e6, hostile });
    const words = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
    tell(`starts ${what}, ${seconds} s: ${words.join(", ")}`, []);
  } catch (error) {
    tell(`starts ${what}, ${seconds} s`, [String(error)]);
  }
}

const minutes = Number(Deno.args[0] ?? 10);
if (!(minutes > 0)) {
  say(`Cannot soak for “${Deno.args[0]}” minutes: not a number above 0`);
  Deno.exit(2);
}
if (Deno.uid() !== 0) {
  say("Cannot soak: only root can have a namespace with several users");
  Deno.exit(1);
}
await install("test");
if (!isCurrent() && !await compile()) Deno.exit(1);
const directory = await Deno.makeTempDir({ prefix: "binfmt-dispatcher-soak-" });
Deno.env.set("TMPDIR", directory);
const before = snapshot();
await failSystemCalls();
await failSystemCallsOnAarch64(directory);
await meddleWithStarts();
await load(minutes * 60, false);
await load(minutes * 60, true);
tell("left behind", leftovers(before, directory));
await Deno.remove(directory, { recursive: true });
say(problems === 0 ? "No problems" : `Problems: ${problems}`);
Deno.exit(problems === 0 ? 0 : 1);
