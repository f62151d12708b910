import { assert, assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { headersOf } from "../../programs.ts";
import { OTHER_PAGE_SIZE, PAGE_SIZE, Stage, type Started } from "../stage.ts";

const PROBE = '[interpreters.probe]\npath = "$/interpreter"\nmachines = ["riscv64"]\n';
const DEFAULT = '[defaults]\ninterpreter = ["first", "probe"]\n';

/** A configuration of two interpreters; the first has these keys, and “first” as argument. */
function first(keys: string): string {
  const args = 'args = ["first"]\nmachines = ["riscv64"]\n';
  return `${DEFAULT}${PROBE}[interpreters.first]\nname = "First"\n${args}${keys}\n`;
}

async function handle(
  stage: Stage,
  env: Record<string, string> = {},
  asUser = false,
): Promise<Started> {
  return await stage.handle([stage.program], { env, asUser, isolated: asUser });
}

const took = (started: Started) => started.report?.argv[1] === "first";

Deno.test("chooseCandidate() takes the first of an interpreter's paths that exists", async () => {
  using stage = new Stage(first('path = ["$/no", "$/second", "$/interpreter"]'));
  assertEquals((await handle(stage)).report?.argv[0], stage.path("interpreter"));
  Deno.linkSync(stage.path("interpreter"), stage.path("second"));
  assertEquals((await handle(stage)).report?.argv[0], stage.path("second"));
});

Deno.test("chooseCandidate() does not take a directory for an interpreter", async () => {
  using stage = new Stage(first('path = ["$/home", "$/interpreter"]'));
  assertEquals((await handle(stage)).report?.argv[0], stage.path("interpreter"));
  using alone = new Stage(`[defaults]\ninterpreter = "one"
[interpreters.one]\nname = "One"\npath = "$/home"\nmachines = ["riscv64"]`);
  const { status, stderr } = await handle(alone);
  assertEquals(status, 127);
  assert(stderr.includes(`One needs ${alone.path("home")}`), stderr);
});

Deno.test("chooseCandidate() skips an interpreter that is not executable", async () => {
  using stage = new Stage(first('path = ["$/plain", "$/off", "$/interpreter"]'));
  Deno.copyFileSync(stage.path("interpreter"), stage.path("plain"));
  Deno.chmodSync(stage.path("plain"), 0o644);
  assertEquals((await handle(stage)).report?.argv[0], stage.path("interpreter"));
  using alone = new Stage(`[defaults]\ninterpreter = ["one", "two"]
[interpreters.one]\npath = "$/one"\nmachines = ["riscv64"]
[interpreters.two]\npath = "$/plain"\nmachines = ["riscv64"]`);
  alone.write("plain", Deno.readFileSync(alone.path("interpreter")));
  const { status, stderr } = await handle(alone);
  assertEquals(status, 126);
  const words = `its interpreter ${alone.path("plain")} cannot be started: permission denied\n`;
  assert(stderr.endsWith(words), stderr);
});

test({
  name: "chooseCandidate() needs one alternative of each required path",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage(
      first(
        'path = "$/interpreter"\nrequired_paths = ["$/a", ["$/b", "~/b", "{XDG_DATA_HOME}/b"]]',
      ),
    );
    const asked = async (env = {}) => took(await handle(stage, env, true));
    assertEquals(await asked(), false);
    stage.write("a", "");
    assertEquals(await asked(), false);
    stage.write("home/b", "");
    assertEquals(await asked(), true);
    assertEquals(await asked({ HOME: "relative" }), false);
    stage.write("data/b", "");
    assertEquals(await asked({ HOME: "/nowhere", XDG_DATA_HOME: stage.path("data") }), true);
    stage.write("home/.local/share/b", "");
    Deno.removeSync(stage.path("home/b"));
    assertEquals(await asked(), true);
    assertEquals(await asked({ XDG_DATA_HOME: "relative" }), true);
    Deno.removeSync(stage.path("a"));
    assertEquals(await asked(), false);
  },
});

Deno.test("chooseCandidate() accepts a variable in place of a path that exists", async () => {
  // \u0024 is $ in TOML; unescaped it would be the stage's directory.
  using stage = new Stage(
    first('path = "$/interpreter"\nrequired_paths = [["\\u0024EMU_ROOT", "$/root"]]'),
  );
  assertEquals(took(await handle(stage)), false);
  assertEquals(took(await handle(stage, { EMU_ROOT: "" })), false);
  assertEquals(took(await handle(stage, { EMU_ROOT2: "x", EMU_ROO: "T=x" })), false);
  assertEquals(took(await handle(stage, { EMU_ROOT: "x" })), true);
});

Deno.test("chooseCandidate() needs some paths only if the program is dynamic", async () => {
  using stage = new Stage(
    first('path = "$/interpreter"\ndynamic_required_paths = [["\\u0024EMU_ROOT", "$/root"]]'),
  );
  const dynamic = headersOf("riscv64", { interp: "/lib/ld.so.1" });
  const start = async (image: Uint8Array, env = {}) =>
    took(await stage.handle([stage.write("program", image, 0o755)], { env }));
  assertEquals(await start(headersOf("riscv64")), true);
  assertEquals(await start(dynamic), false);
  assertEquals(await start(dynamic, { EMU_ROOT: "x" }), true);
  stage.write("root", "");
  assertEquals(await start(dynamic), true);
});

test({
  name: "chooseCandidate() says what each interpreter lacks",
  needs: ["a way to be a user"],
  fn: async () => {
    using stage = new Stage(
      '[defaults]\ninterpreter = ["one", "two", "three"]\n' +
        '[interpreters.one]\nname = "One"\npath = "$/one"\nmachines = ["riscv64"]\n' +
        '[interpreters.two]\npath = "$/interpreter"\nrequired_paths = [["$/x", "~/y"]]\n' +
        'machines = ["riscv64"]\n' +
        '[interpreters.three]\npath = "$/interpreter"\nsysroot = "$/root"\nlinkage = "dynamic"\n' +
        'machines = ["riscv64"]\n',
    );
    const program = stage.write("program", headersOf("riscv64", { interp: "/lib/ld.so" }), 0o755);
    const { status, stderr } = await stage.handle([program], { asUser: true });
    assertEquals(status, 127);
    assertEquals(
      stderr,
      `binfmt-dispatcher: Cannot run “${program}”: no interpreter for riscv64 programs ` +
        `can run it here: One needs ${stage.path("one")}; two needs ${stage.path("x")} or ` +
        `${stage.path("home/y")}; three does not find the program's loader /lib/ld.so below its ` +
        "sysroots\n" +
        "  For details: binfmt-dispatcher explain PROGRAM\n",
    );
  },
});

Deno.test("chooseCandidate() says that nothing is configured", async () => {
  using stage = new Stage(PROBE);
  const program = stage.write("program", headersOf("s390x"), 0o755);
  const { status, stderr } = await stage.handle([program]);
  assertEquals(status, 127);
  assert(stderr.includes("no interpreter is configured for s390x programs"), stderr);
});

Deno.test("chooseCandidate() skips an interpreter for the other linkage", async () => {
  using stage = new Stage(first('path = "$/interpreter"\nlinkage = "dynamic"'));
  assertEquals(took(await handle(stage)), false);
  const dynamic = stage.write("dynamic", headersOf("riscv64", { interp: "/lib/ld.so" }), 0o755);
  assertEquals(took(await stage.handle([dynamic])), true);
});

test({
  name: "chooseCandidate() takes muvm's candidate if the page size differs",
  needs: ["user namespaces", "a way to be root", "a way to be a user"],
  fn: async () => {
    const muvm = (page_size: number) =>
      first('path = "$/interpreter"\nuse_muvm = true') +
      `[muvm]\npath = "$/muvm"\npage_size = ${page_size}\nargs = ["-i"]\n`;
    using stage = new Stage(muvm(PAGE_SIZE));
    const asRoot = () => stage.handle([stage.program], { isolated: true });
    assertEquals(took(await asRoot()), true);
    stage.configure(muvm(OTHER_PAGE_SIZE));
    Deno.removeSync(stage.path(`tables/routes-${FORMAT_VERSION}`));
    // muvm is missing, so the next interpreter is chosen.
    assertEquals(took(await asRoot()), false);
    Deno.linkSync(stage.path("interpreter"), stage.path("muvm"));
    // muvm refuses to run as root.
    assertEquals(took(await asRoot()), false);
    using server = stage.answerAsMuvm();
    const env = { XDG_RUNTIME_DIR: server.runtime };
    const asUser = (...args: string[]) =>
      stage.handle([stage.program, ...args], { env, asUser: true });
    assertEquals((await asUser("ä")).report?.argv[0], stage.path("muvm"));
    const without = await stage.handle([stage.program], { asUser: true });
    assertEquals(without.report?.argv[0], stage.path("interpreter"));
  },
});

Deno.test("chooseCandidate() refuses a program as its own interpreter", async () => {
  using stage = new Stage(
    '[defaults]\ninterpreter = "self"\n' +
      '[interpreters.self]\npath = "$/link"\nmachines = ["riscv64"]',
  );
  Deno.symlinkSync("program", stage.path("link"));
  const { status, stderr } = await stage.handle([stage.program]);
  assertEquals(status, 126);
  assert(stderr.includes("is not a program of this machine"), stderr);
});
