import { assertEquals } from "@std/assert";
import { inTemporaryDirectory } from "../../../tasks/temporary_directory.ts";
import { test } from "../../abilities.ts";
import { headersOf } from "../../programs.ts";
import { OTHER_PAGE_SIZE, Stage } from "../stage.ts";

function probe(keys: string): string {
  return '[defaults]\ninterpreter = "probe"\n[interpreters.probe]\npath = "$/interpreter"\n' +
    `machines = ["riscv64"]\n${keys}\n`;
}

Deno.test("templates expand to the program, its argv[0], machine and root directory", async () => {
  using stage = new Stage(
    probe(
      'args = ["-L", "{sysroot}", "x{machine}y{gnu}", "{argv0}+{program}", "{other}", ""]\n' +
        'sysroot = ["/usr/{gnu}", "/"]',
    ),
  );
  const { report } = await stage.handle([stage.program, "last"]);
  assertEquals(report?.argv.slice(1), [
    "-L",
    "/usr/riscv64-linux-gnu",
    "xriscv64yriscv64-linux-gnu",
    `${stage.program}+${stage.program}`,
    "{other}",
    "",
    "last",
  ]);
});

Deno.test("templates add variables, and replace those of the same name", async () => {
  using stage = new Stage(probe('env = { NEW = "{argv0}", OLD = "x=y", EMPTY = "" }'));
  const env = { A: "1", OLD: "old", OLDER: "older", Z: "2" };
  const { report } = await stage.handle([stage.program], { env });
  const home = `HOME=${stage.path("home")}`;
  assertEquals(
    report?.env.toSorted(),
    [
      "A=1",
      "EMPTY=",
      home,
      `NEW=${stage.program}`,
      "OLD=x=y",
      "OLDER=older",
      "Z=2",
    ].toSorted(),
  );
});

Deno.test("templates set variables that the caller lacks, and unset others", async () => {
  using stage = new Stage(
    probe('env = { B = { default = "{argv0}" }, GONE = false, E = { default = "" }, A = "a" }'),
  );
  const start = async (env: Record<string, string>) =>
    (await stage.handle([stage.program], { env })).report!.env
      .filter((entry) => !entry.startsWith("HOME=")).toSorted();
  assertEquals(await start({}), ["A=a", `B=${stage.program}`, "E="]);
  const set = { A: "1", B: "", E: "0", GONE: "x", GONER: "y" };
  assertEquals(await start(set), ["A=a", "B=", "E=0", "GONER=y"]);
});

Deno.test("a variable is unset even if none is set", async () => {
  using stage = new Stage(probe("env = { GONE = false }"));
  const { report } = await stage.handle([stage.program], { env: { GONE: "x" } });
  assertEquals(report!.env, [`HOME=${stage.path("home")}`]);
});

const MUVM =
  probe('use_muvm = true\nargs = ["{program}", "-0", "{argv0}"]\nenv = { SEEN = "{argv0}" }') +
  '[muvm]\npath = "$/muvm"\npage_size = ' + OTHER_PAGE_SIZE +
  '\nargs = ["-i"]\ntty_args = ["-t"]\nforward_env = true\n' +
  'never_forward = ["DISPLAY", "WAYLAND_*", "XDG_RUNTIME_DIR", "PATH"]\n';

test({
  name: "templates build muvm's command line",
  needs: ["user namespaces", "a way to be a user"],
  fn: async () => {
    using stage = new Stage(MUVM);
    Deno.linkSync(stage.path("interpreter"), stage.path("muvm"));
    using server = stage.answerAsMuvm();
    const env = {
      XDG_RUNTIME_DIR: server.runtime,
      A_1: "x",
      DISPLAY: ":0",
      DISPLAY2: "kept",
      WAYLAND_DISPLAY: "w",
      WAYLAND_: "w",
      "not.a-name": "x",
      "1A": "x",
      UTF8: "ä€😀",
    };
    const { report } = await stage.handle(["./program", "arg", "-h", "=x", "--help"], {
      env,
      asUser: true,
    });
    const [muvm, i, ...rest] = report!.argv;
    assertEquals([muvm, i], [stage.path("muvm"), "-i"]);
    const end = rest.indexOf("--");
    const forwarded = rest.slice(0, end).filter((_, at) => at % 2 === 1).toSorted();
    assertEquals(forwarded, ["A_1", "DISPLAY2", "HOME", "UTF8"]);
    assertEquals(rest.slice(0, end).filter((_, at) => at % 2 === 0), ["-e", "-e", "-e", "-e"]);
    assertEquals(rest.slice(end), [
      ...[
        "--",
        stage.path("handler"),
        "guest",
        "022",
        "0/dev/null",
        stage.directory,
        "SEEN=./program",
      ],
      ...[stage.path("interpreter"), stage.path("./program"), "%2D0", "./program"],
      // Characters that muvm refuses are encoded.
      ...["arg", "%2Dh", "=x", "%2D-help"],
    ]);
  },
});

test({
  name: "templates name paths below /run as muvm's guest sees them",
  needs: ["user namespaces", "root", "a way to be a user"],
  fn: async () => {
    using stage = new Stage(MUVM);
    Deno.linkSync(stage.path("interpreter"), stage.path("muvm"));
    using server = stage.answerAsMuvm();
    await inTemporaryDirectory(async (directory) => {
      Deno.chmodSync(directory, 0o755);
      Deno.writeFileSync(`${directory}/program`, headersOf("riscv64"), { mode: 0o755 });
      const start = async (program: string, cwd: string) => {
        const env = { XDG_RUNTIME_DIR: server.runtime };
        const { argv } = (await stage.handle([program], { cwd, env, asUser: true })).report!;
        // The program is in front of the encoded “-0”.
        return [argv[argv.indexOf("guest") + 3], argv[argv.indexOf("%2D0") - 1]];
      };
      const below = `/run/muvm-host${directory}`;
      assertEquals(await start("./program", directory), [below, `${below}/./program`]);
      const program = `${below}/program`;
      assertEquals(await start(`.${directory}/program`, "/"), ["/", program]);
      assertEquals(await start(`${directory}/program`.slice(1), "/"), ["/", program]);
      assertEquals(await start(`..${directory}/program`, "/usr"), ["/usr", program]);
      Deno.symlinkSync(`${directory}/program`, stage.path("link"));
      assertEquals(await start("./link", stage.directory), [stage.directory, program]);
    }, { dir: "/run" });
  },
});
