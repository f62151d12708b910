/**
 * `./dev test [FILES or deno test's options…]`: installs what is missing, compiles the program if
 * its sources are newer, runs the tests and looks for what they left behind. The last line is `N
 * passed, N failed`. `./dev test:vm` does the same with those of the target machine, which take
 * both processors for themselves.
 */
import { compile, isCurrent } from "./compile.ts";
import { install } from "./install.ts";
import { leftovers, snapshot } from "./leftovers.ts";
import { say } from "./say.ts";
import { ROOT } from "./start.ts";
import { parseSummary, type Summary } from "./summary.ts";

/** Milliseconds after which tests that hang are ended. */
const LIMIT = 60 * 60 * 1000;

const VM_TESTS = "tests/vm";

/** `deno test`, its output passed on; what it counted. */
async function denoTest(args: readonly string[], env: Record<string, string>): Promise<Summary> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-check", "--parallel", ...args],
    cwd: ROOT,
    env: { ...env, ...(Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {}) },
    stdin: "null",
    stdout: "piped",
    signal: AbortSignal.timeout(LIMIT),
  }).spawn();
  const decoder = new TextDecoder();
  let tail = "";
  for await (const chunk of child.stdout) {
    for (let at = 0; at < chunk.length;) at += Deno.stdout.writeSync(chunk.subarray(at));
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-4096);
  }
  const { success } = await child.status;
  const counted = parseSummary(tail) ?? { passed: 0, failed: 0, skipped: 0 };
  // Something that failed outside of every test, such as a file that cannot be loaded.
  return success || counted.failed > 0 ? counted : { ...counted, failed: 1 };
}

const vm = Deno.args[0] === VM_TESTS;
await install(vm ? "vm" : "test");
const compiled = isCurrent() || await compile();
if (!compiled) say("Cannot compile the program: its tests see an old one, or none");

const folder = await Deno.makeTempDir({ prefix: "binfmt-dispatcher-tests-" });
const before = snapshot();
const files = Deno.args.some((arg) => !arg.startsWith("-"));
const { passed, failed, skipped } = await denoTest(
  [...Deno.args, ...(files ? [] : ["tests", `--ignore=${VM_TESTS}`])],
  { TMPDIR: folder },
);
const left = leftovers(before, folder);
for (const what of left) say(`Left behind by the tests: ${what}`);
await Deno.remove(folder, { recursive: true });

const failures = failed + (left.length > 0 ? 1 : 0) + (compiled ? 0 : 1);
say(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
Deno.exit(failures > 0 || passed === 0 ? 1 : 0);
