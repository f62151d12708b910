import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { Stage, type StartOptions } from "./stage.ts";

/** One rule per pattern, identified by the interpreter's first argument. */
function rules(patterns: Readonly<Record<string, string>>): string {
  const one = (name: string, args: string) =>
    `[interpreters.${name}]\npath = "$/interpreter"\nargs = ["${args}"]\nmachines = ["riscv64"]\n`;
  const all = Object.entries(patterns).map(([name, path]) =>
    one(name, name) + `[binaries.${name}]\npath = "${path}"\ninterpreter = "${name}"\n`
  );
  return one("none", "none") + '[defaults]\ninterpreter = "none"\n' + all.join("");
}

async function chosen(stage: Stage, path: string, options?: StartOptions) {
  const program = stage.write(path, headersOf("riscv64"), 0o755);
  const started = await stage.handle([program], options);
  return started.report?.argv[1] ?? started.stderr;
}

Deno.test("findRule() prefers an exact path, then the longest pattern", async () => {
  using stage = new Stage(rules({
    exact: "$/games/one/start",
    directory: "$/games/",
    deeper: "$/games/one/",
    glob: "$/tools/*.bin",
    deep: "$/tools/**/x[0-9]",
  }));
  assertEquals(await chosen(stage, "games/one/start"), "exact");
  assertEquals(await chosen(stage, "games/one/other"), "deeper");
  assertEquals(await chosen(stage, "games/two"), "directory");
  assertEquals(await chosen(stage, "tools/a.bin"), "glob");
  assertEquals(await chosen(stage, "tools/a/b.bin"), "none");
  assertEquals(await chosen(stage, "tools/a/b/x7"), "deep");
  assertEquals(await chosen(stage, "tools/x7"), "deep");
  assertEquals(await chosen(stage, "games2/one/start"), "none");
});

test({
  name: "findRule() also matches programs below HOME as ~/",
  needs: ["a way to be root", "a way to be a user"],
  fn: async () => {
    using stage = new Stage(rules({ home: "~/games/**", all: "/**/special" }));
    const asked = (path: string, env = {}) => chosen(stage, path, { env, asUser: true });
    assertEquals(await asked("home/games/a/b"), "home");
    assertEquals(await asked("home/other"), "none");
    assertEquals(await asked("home/games/special"), "home");
    assertEquals(await asked("elsewhere/games/b"), "none");
    for (const HOME of ["", "relative", "/nowhere"]) {
      assertEquals(await asked("home/games/a/b", { HOME }), "none");
    }
    // HOME is compared in canonical form.
    Deno.symlinkSync("home", stage.path("link"));
    const env = { HOME: stage.path("link") };
    assertEquals(await asked("home/games/a/b", env), "home");
    // A HOME that others can write does not count, and root has another one.
    assertEquals(await chosen(stage, "home/games/a/b", { isolated: true }), "none");
    for (const mode of [0o775, 0o757, 0o1777]) {
      Deno.chmodSync(stage.path("home"), mode);
      assertEquals(await asked("home/games/a/b", env), "none");
    }
  },
});

Deno.test("findRule() tries the path as given if the canonical one has no rule", async () => {
  using stage = new Stage(rules({ given: "$/link/" }));
  stage.write("real/program", headersOf("riscv64"), 0o755);
  Deno.symlinkSync("real", stage.path("link"));
  const { report } = await stage.handle([stage.path("link/program")]);
  assertEquals(report?.argv[1], "given");
});
