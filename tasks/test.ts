/**
 * `./dev test [FILE or option of deno test…]`: installs what is missing, compiles the program if
 * its sources are newer, runs the tests and looks for what they left behind. The last line is
 * “N passed, N failed”. `./dev test:vm` runs the tests in the emulated machine.
 */
import { compile, isCurrent } from "./compile.ts";
import { exists } from "./exists.ts";
import { install } from "./install.ts";
import { leftovers, snapshot } from "./leftovers.ts";
import { say } from "./say.ts";
import { ROOT } from "./start.ts";
import { parseSummary, type Summary } from "./summary.ts";
import { findTests } from "./find_tests.ts";

/** Milliseconds after which hanging tests are killed. */
const LIMIT = 60 * 60 * 1000;

const VM_TESTS = "tests/vm";

/**
 * Runs a file's tests in their own process. Threads of one process would pass open files to each
 * other's children, and a file that is open for writing cannot be executed (ETXTBSY):
 * https://man7.org/linux/man-pages/man2/execve.2.html
 */
async function denoTest(
  args: readonly string[],
  env: Record<string, string>,
): Promise<Summary & { output: string }> {
  const deno = [Deno.execPath(), "test", "--allow-all", "--no-check"];
  // In the background of a script, SIGINT and SIGQUIT are ignored, and the programs under test
  // would inherit that.
  const { success, stdout, stderr } = await new Deno.Command("env", {
    args: ["--default-signal", ...deno, ...args],
    cwd: ROOT,
    env: { ...env, ...(Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {}) },
    stdin: "null",
    signal: limit,
  }).output();
  const text = new TextDecoder();
  const printed = text.decode(stdout);
  const counted = parseSummary(printed) ?? { passed: 0, failed: 0, skipped: 0 };
  const ran = counted.passed + counted.failed + counted.skipped > 0;
  if (success) return { ...counted, output: ran ? printed.trimEnd() : "" };
  const output = printed + text.decode(stderr).trimEnd();
  // A failure outside any test, such as a file that cannot be loaded.
  return { ...counted, failed: Math.max(counted.failed, 1), output };
}

/** As many files at once as there are processors. The output of those that fail comes last. */
async function testAll(files: readonly string[], options: readonly string[], TMPDIR: string) {
  const all = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { passed, failed, skipped, output } = await denoTest([...options, file], { TMPDIR });
      all.passed += passed;
      all.failed += failed;
      all.skipped += skipped;
      if (failed > 0) {
        failures.push(output);
        say(`Failed: ${file}`);
      } else if (output !== "") say(output);
    }
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, work));
  for (const failure of failures) say(failure);
  return all;
}

const options = Deno.args.filter((arg) => arg.startsWith("-"));
const named = Deno.args.filter((arg) => !arg.startsWith("-"));
const absent = named.find((path) => !exists(`${ROOT}/${path}`));
if (absent !== undefined) {
  say(`Cannot test “${absent}”: no such file; give an option's value after “=”`);
  Deno.exit(2);
}
const files = named.length > 0
  ? named.flatMap(findTests)
  : findTests("tests").filter((file) => !file.startsWith(`${VM_TESTS}/`));

// Tests start programs as other users, too.
Deno.umask(0o022);
await install(named[0] === VM_TESTS ? "vm" : "test");
const compiled = isCurrent() || await compile();
if (!compiled) say("Cannot compile the program: the tests use an old one, or none");

const limit = AbortSignal.timeout(LIMIT);
const directory = await Deno.makeTempDir({ prefix: "binfmt-dispatcher-tests-" });
Deno.chmodSync(directory, 0o711);
const before = snapshot();
const { passed, failed, skipped } = await testAll(files, options, directory);
const left = leftovers(before, directory);
for (const what of left) say(`Left behind by the tests: ${what}`);
await Deno.remove(directory, { recursive: true });

const failures = failed + (left.length > 0 ? 1 : 0) + (compiled ? 0 : 1);
say(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
Deno.exit(failures > 0 || passed === 0 ? 1 : 0);
