/** explain predicts what the kernel and the handler do. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { type RunOptions, World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { headersOf, parseReport, reporter } from "../programs.ts";

const HOST = Deno.build.arch;
const FOREIGN = HOST === "x86_64" ? "aarch64" : "x86_64";
const LOADER = "/usr/lib/ld-foreign.so";

const LAYER = `
[defaults]
interpreter = ["none", "dynamic", "report"]
[interpreters.none]
path = "/usr/bin/none"
machines = ["${FOREIGN}"]
[interpreters.dynamic]
path = "/usr/bin/report-{machine}"
linkage = "dynamic"
args = ["-L", "{sysroot}", "{argv0}", "{program}"]
sysroot = ["/usr/none", "/"]
[interpreters.report]
path = ["/usr/bin/none", "/usr/bin/report-{machine}"]
args = ["it's", "{program}", "", "{argv0}"]
env = { REPORTED = "{argv0} {machine}", HOME = "/new" }
[interpreters.other]
path = "/usr/bin/report-${FOREIGN}"
machines = ["${FOREIGN}"]
args = ["other", "{program}"]
[interpreters.foreign]
path = "/usr/bin/tool"
machines = ["${FOREIGN}"]
[interpreters.wrapped]
path = "/usr/bin/report-${FOREIGN}"
machines = ["${FOREIGN}"]
use_muvm = true
[muvm]
path = "/usr/bin/report-${FOREIGN}"
page_size = 65536
[binaries.games]
path = "/usr/share/games/**/tool"
interpreter = "other"
[binaries.home]
path = "~/tool"
interpreter = "other"
`;

function world(): World {
  const made = new World();
  made.install([FOREIGN]);
  made.file(ADMIN_LAYER, LAYER);
  made.file(`/usr/bin/report-${FOREIGN}`, reporter(HOST), 0o755);
  const tool = headersOf(FOREIGN);
  for (const path of ["/usr/bin/tool", "/usr/share/games/a/b/tool", "/usr/share/me/tool"]) {
    made.file(path, tool, 0o755);
  }
  made.link("/usr/share/link", "games/a/b/tool");
  made.file(LOADER, "");
  made.file("/usr/bin/dynamic", headersOf(FOREIGN, { interp: LOADER }), 0o755);
  made.file("/usr/bin/lost", headersOf(FOREIGN, { interp: "/none" }), 0o755);
  made.file("/usr/bin/torn", headersOf(FOREIGN, { interp: LOADER }).slice(0, 90), 0o755);
  made.file("/usr/bin/off", tool, 0o644);
  return made;
}

/** Starts the program, and explains it. */
async function both(world: World, program: string, options: RunOptions) {
  const real = await world.run([program], options);
  const explained = await world.run(["binfmt-dispatcher", "explain", "--json", program], options);
  assertEquals(explained.stderr, "");
  const { command, outcome, kernel, candidates } = JSON.parse(explained.stdout);
  assertEquals(explained.status, outcome.status);
  assert(kernel.registered || command === null);
  return { real, command, outcome, candidates };
}

const NEEDS = ["world", "compiled"] as const;

test({
  name: "explain prints exactly the arguments and variables that the interpreter gets",
  needs: NEEDS,
  fn: async () => {
    using made = world();
    const home = { env: { HOME: "/usr/share/me" }, plain: true };
    const cases: readonly (readonly [string, RunOptions])[] = [
      ["tool", { cwd: "/usr" }],
      ["/usr/bin/tool", {}],
      ["./bin/tool", { cwd: "/usr" }],
      ["/usr/share/link", {}],
      ["share/games/a/b/tool", { cwd: "/usr" }],
      ["/usr/share/me/tool", home],
      ["/usr/share/me/tool", {}],
      ["/usr/bin/dynamic", {}],
      ["/usr/bin/lost", {}],
      ["/usr/bin/tool", { env: { BINFMT_DISPATCHER_INTERPRETER: "other" } }],
      ["/usr/bin/tool", { env: { BINFMT_DISPATCHER_INTERPRETER: "none" } }],
    ];
    const seen = new Set<string>();
    for (const [program, options] of cases) {
      const { real, command, outcome } = await both(made, program, options);
      if (command === null) {
        assertEquals(real.status, outcome.status, `${program}: ${real.stderr}`);
        continue;
      }
      const report = parseReport(real.stdout);
      assertEquals(report.argv, command.argv, program);
      for (const variable of command.environment) assert(report.env.includes(variable), variable);
      seen.add(command.argv[1]);
    }
    assertEquals([...seen].sort(), ["-L", "it's", "other"]);
  },
});

test({
  name: "explain exits with the status of a start",
  needs: NEEDS,
  fn: async () => {
    using made = world();
    const unknown = { env: { BINFMT_DISPATCHER_INTERPRETER: "nobody" } };
    const none = { env: { BINFMT_DISPATCHER_INTERPRETER: "none" } };
    const foreign = { env: { BINFMT_DISPATCHER_INTERPRETER: "foreign" } };
    // The caller is root here.
    const wrapped = { env: { BINFMT_DISPATCHER_INTERPRETER: "wrapped" } };
    const cases: readonly (readonly [string, RunOptions, number])[] = [
      ["/usr/bin/tool", unknown, 126],
      ["/usr/bin/torn", {}, 126],
      ["/usr/bin/off", {}, 126],
      ["/usr/bin/tool", foreign, 126],
      ["/usr/bin/tool", none, 127],
      ["/usr/bin/tool", wrapped, 127],
    ];
    for (const [program, options, status] of cases) {
      const { real, outcome, candidates } = await both(made, program, options);
      assertEquals([real.status, outcome.status], [status, status], program);
      // The handler and explain print the same message, if the handler is asked.
      if (program === "/usr/bin/tool" && status < 127) assert(real.stderr.includes(outcome.why));
      const { why } = candidates.at(-1) ?? {};
      if (typeof why === "string") assert(real.stderr.includes(why), real.stderr);
      if (options === wrapped) assertEquals(why, "muvm refuses root");
    }
  },
});

test({
  name: "explain and the handler skip interpreters that are not executable, by mode or mount",
  needs: [...NEEDS, "mounts"],
  fn: async () => {
    using made = world();
    const plain = "/usr/share/plain";
    const off = "/usr/share/off/report";
    const reports = `/usr/bin/report-${FOREIGN}`;
    const interpreter = (id: string, ...paths: string[]) =>
      `[interpreters.${id}]\npath = ${JSON.stringify(paths)}\nmachines = ["${FOREIGN}"]\n`;
    made.file(
      ADMIN_LAYER,
      `[defaults]\ninterpreter = ["refused", "last"]\n` +
        interpreter("refused", plain, off) + interpreter("last", reports),
    );
    made.file(plain, reporter(HOST), 0o644);
    made.file("/usr/share/off/x", "");
    const script = `set -e
mount -t tmpfs -o noexec none /usr/share/off; cp ${reports} ${off}
both() { binfmt-dispatcher explain --json /usr/bin/tool || :; printf '\\x1e'; /usr/bin/tool; }
both || :; printf '\\x1d'; export BINFMT_DISPATCHER_INTERPRETER=refused; both || printf %s $?`;
    const { stdout, stderr } = await made.run(["bash", "-c", script]);
    const [first = "", second = ""] = stdout.split("\x1d");
    const asked = (text: string) => {
      const [explained = "", real = ""] = text.split("\x1e");
      const { candidates, outcome } = JSON.parse(explained);
      const verdicts = candidates.map(({ verdict }: { verdict: string }) => verdict);
      return { real, verdicts, outcome };
    };
    const one = asked(first);
    assertEquals(one.verdicts, ["not executable", "not executable", "chosen"]);
    assertEquals(parseReport(one.real).argv[0], reports);
    const none = asked(second);
    assertEquals(none.verdicts, ["not executable", "not executable"]);
    assertEquals([none.outcome.status, none.real], [126, "126"]);
    assert(stderr.includes(`its interpreter ${plain} cannot be started`), stderr);
    assert(stderr.includes(none.outcome.why), stderr);
  },
});
