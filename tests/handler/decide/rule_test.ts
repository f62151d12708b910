import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sortRules } from "../../../lib/config/sort_rules.ts";
import { findRank } from "../../../lib/handler/decide/rule.ts";
import { use } from "../../../lib/handler/decide/table.ts";
import { compileRoutes } from "../../../lib/routes/compile.ts";
import { ruleOf } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { headersOf } from "../../programs.ts";
import { byteText, toBytes } from "../../routes/byte_text.ts";
import { matches } from "../../routes/naive_pattern.ts";
import { effective, rule, smallConfig } from "../../routes/small_config.ts";
import { Stage, type StartOptions } from "../stage.ts";

/** Loads the table of rules for these paths; the first one wins. */
function compile(paths: readonly string[]): void {
  const compiled = compileRoutes(
    effective(smallConfig({ rules: paths.map((path) => rule(path, "x")) })),
  );
  assert(compiled.ok);
  assertEquals(compiled.value.refused, []);
  use(compiled.value.table);
}

const find = (canonical: string, given = "", home = "") =>
  ruleOf(findRank(toBytes(canonical), toBytes(given), toBytes(home)));

Deno.test("findRank() finds the lowest rule among exact paths and directories", () => {
  compile(["/a/b/c", "/a/", "/a/b/", "/a/b", "/x/y/", "/x/", "/"]);
  assertEquals(find("/a/b/c"), 1);
  assertEquals(find("/a/b/d"), 2, "the directory inside is hidden");
  assertEquals(find("/a/b"), 2);
  assertEquals(find("/x/y/z"), 5);
  assertEquals(find("/x/yz"), 6);
  assertEquals([find("/x"), find("/"), find("")], [7, 7, 0]);
});

Deno.test("findRank() tries a pattern only if it would win", () => {
  compile(["/a/*", "/a/b", "/**/c", "/c", "/d/"]);
  assertEquals([find("/a/b"), find("/a/c"), find("/c"), find("/d/c"), find("/d/e")], [
    ...[1, 1, 3, 3, 5],
  ]);
});

Deno.test("findRank() tries the path as given only if no rule matches the canonical one", () => {
  compile(["/b", "/a"]);
  assertEquals([find("/a", "/b"), find("/c", "/b"), find("/c", "b"), find("/c", "")], [2, 1, 0, 0]);
});

Deno.test("findRank() also tries rules below home; the lower rule wins", () => {
  compile(["~/a", "/h/", "~/b/*", "**/c", "~/**"]);
  assertEquals([find("/h/a", "", "/h"), find("/h/b/x", "", "/h")], [1, 2]);
  assertEquals([find("/g/a", "", "/g"), find("/g/b/x", "", "/g"), find("/g/c", "", "/g")], [
    1,
    3,
    4,
  ]);
  assertEquals([find("/g", "", "/g"), find("/ga", "", "/g"), find("//a", "", "/")], [0, 0, 0]);
  assertEquals([find("/x", "/g/b/c", "/g"), find("/x", "~/a", "/g")], [3, 0]);
});

/** What findRank() should find, by trying each rule in turn. */
function expected(rules: readonly string[], path: string, home: string): number {
  const below = home.length > 1 && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : "";
  return 1 +
    rules.findIndex((rule) =>
      rule.startsWith("~/")
        ? below !== "" && matches(byteText(rule), byteText(below))
        : path.startsWith("/") && matches(byteText(rule), byteText(path))
    );
}

Deno.test("findRank() agrees with exhaustive search on all kinds of rules and paths", () => {
  const start = fc.constantFrom("/", "/", "/", "/a/", "~/", "~/", "*", "**", "**/", "*/", "/**/");
  const unit = fc.constantFrom(
    ...[..."aabé*?[]{},/!-^~\\", "**", "/**/", "[a-b]", "[!a]", "[é]", "[b-a]", "a/", "/a", "/"],
    ...["{a,b}", "{a/,b}", "{a,{b,}}", "{*,a}", "{**,/}", "{/**,b}", "{a,", "{b/{a,*}/,**}"],
  );
  const pattern = fc.tuple(start, fc.array(unit, { maxLength: 5 })).map(([start, units]) =>
    start + units.join("")
  );
  const rules = fc.array(fc.tuple(pattern, fc.nat(1)), { maxLength: 10 }).map((all) =>
    sortRules(all.map(([path, layer]) => ({ ...rule(path, "x"), layer }))).map(({ path }) => path)
  );
  const letter = fc.constantFrom(..."aab/~", "é", "\udcff", "\udcf7", "*", "{", "[", "]", ",");
  const path = fc.array(letter, { maxLength: 6 }).map((letters) => letters.join(""));
  const world = fc.record({
    canonical: fc.tuple(fc.constantFrom("/", "/a/"), path).map((parts) => parts.join("")),
    given: fc.oneof(path, path.map((path) => `/${path}`)),
    home: fc.constantFrom("", "/", "/a", "/a/b", "/b"),
  });
  const seen = new Map<string, number>();
  const property = fc.property(
    rules,
    fc.array(world, { minLength: 12, maxLength: 12 }),
    (rules, worlds) => {
      compile(rules);
      const own = rules.filter((path) => path.startsWith("/")).map((path) => (
        { canonical: path, given: "", home: "/b" }
      ));
      for (const { canonical, given, home } of [...worlds, ...own]) {
        const wanted = expected(rules, canonical, home) ||
          (given.startsWith("/") ? expected(rules, given, home) : 0);
        assertEquals(find(canonical, given, home), wanted, `${canonical} ${given} ${home}`);
        const path = rules[wanted - 1] ?? "none";
        const kind = path === canonical
          ? "itself"
          : path.startsWith("/") && path.endsWith("/")
          ? "directory"
          : path[0]!;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    },
  );
  fc.assert(property, { seed: 20261122, numRuns: 3000 });
  const counts = ["itself", "directory", "/", "~", "*", "n"].map((kind) => seen.get(kind) ?? 0);
  assert(Math.min(...counts) > 300, JSON.stringify([...seen]));
});

Deno.test("findRank() finds each of 100,000 rules and nothing else", () => {
  const paths = Array.from({ length: 50_000 }, (_, i) => [
    `/opt/games/${i % 100}/game-${i}/bin/start`,
    `/home/u/${i % 100 === 0 ? i : `${i - i % 100}/${i}`}/`,
  ]).flat();
  compile(paths);
  for (let i = 0; i < paths.length; i += 29) {
    const path = paths[i]!;
    if (path.endsWith("/")) {
      // A directory inside another one loses to it if its rule is a later one.
      const around = 2 * (i - i % 200) / 2 + 2;
      assertEquals([find(`${path}x/y`), find(path.slice(0, -1))], [
        around,
        i === around - 1 ? 0 : around,
      ]);
    } else {
      assertEquals([find(path), find(`${path}/`), find(path.slice(0, -1))], [i + 1, 0, 0]);
    }
  }
});

/** A configuration with one rule per path; each rule's interpreter has its name as argument. */
function configOf(paths: Readonly<Record<string, string>>): string {
  const one = (name: string, args: string) =>
    `[interpreters.${name}]\npath = "$/interpreter"\nargs = ["${args}"]\nmachines = ["riscv64"]\n`;
  const all = Object.entries(paths).map(([name, path]) =>
    one(name, name) + `[binaries.${name}]\npath = "${path}"\ninterpreter = "${name}"\n`
  );
  return one("none", "none") + '[defaults]\ninterpreter = "none"\n' + all.join("");
}

async function chosen(stage: Stage, path: string, options?: StartOptions) {
  const program = stage.write(path, headersOf("riscv64"), 0o755);
  const started = await stage.handle([program], options);
  return started.report?.argv[1] ?? started.stderr;
}

Deno.test("an exact path wins, then the longest pattern", async () => {
  using stage = new Stage(configOf({
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
  name: "a rule that begins with ~/ matches only below a HOME that is the user's own",
  needs: ["a way to be root", "a way to be a user"],
  fn: async () => {
    using stage = new Stage(configOf({ home: "~/games/**", all: "/**/special" }));
    const asked = (path: string, env = {}) => chosen(stage, path, { env, asUser: true });
    assertEquals(await asked("home/games/a/b"), "home");
    assertEquals(await asked("home/other"), "none");
    assertEquals(await asked("home/games/special"), "home");
    assertEquals(await asked("elsewhere/games/b"), "none");
    for (const HOME of ["", "relative", "/nowhere"]) {
      assertEquals(await asked("home/games/a/b", { HOME }), "none");
    }
    // HOME may be a link.
    Deno.symlinkSync("home", stage.path("link"));
    const env = { HOME: stage.path("link") };
    assertEquals(await asked("home/games/a/b", env), "home");
    // A HOME that others can write does not count, and root has its own.
    assertEquals(await chosen(stage, "home/games/a/b", { isolated: true }), "none");
    for (const mode of [0o775, 0o757, 0o1777]) {
      Deno.chmodSync(stage.path("home"), mode);
      assertEquals(await asked("home/games/a/b", env), "none");
    }
  },
});

Deno.test("the path as given gets a rule if the canonical one has none", async () => {
  using stage = new Stage(configOf({ given: "$/link/" }));
  stage.write("real/program", headersOf("riscv64"), 0o755);
  Deno.symlinkSync("real", stage.path("link"));
  const { report } = await stage.handle([stage.path("link/program")]);
  assertEquals(report?.argv[1], "given");
});
