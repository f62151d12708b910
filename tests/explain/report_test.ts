import { assert, assertEquals } from "@std/assert";
import { reportOn } from "../../lib/commands/explain.ts";
import { headersOf } from "../programs.ts";
import { situation, SITUATIONS } from "./situations.ts";
import { report } from "./reports.ts";

Deno.test("makeReport() says where the rule and each list are defined", () => {
  const { rule, lists, rule_count } = report("rule-for-others");
  const file = "/etc/binfmt-dispatcher.toml";
  assertEquals(rule, { id: "g", path: "/data/", leads_to: undefined, file, line: 5 });
  assertEquals(rule_count, 2);
  assertEquals(lists.map(({ state, line }) => `${state} ${line}`), [
    "passed over 6",
    "serves 8",
    "not asked 2",
  ]);
});

Deno.test("makeReport() says if links in a rule's path led to the program", () => {
  const file = "/etc/binfmt-dispatcher.toml";
  const { rule } = report("rule-by-links");
  assertEquals(rule, { id: "games", path: "/opt/games/", leads_to: "/data/", file, line: 2 });
  const { environment } = situation("/mnt/a/game", {
    "/mnt/a/game": { content: headersOf("x86_64"), mode: 0o755 },
    "/home/u/.l": { link: "/mnt/a", uid: 1000 },
    [file]: '[binaries.l]\npath = "~/.l/g*"\ninterpreter = "fex"\n',
  });
  const made = reportOn("/mnt/a/game", environment);
  assert(made.ok);
  assertEquals(made.value.rule, { id: "l", path: "~/.l/g*", leads_to: "/mnt/a/g*", file, line: 2 });
});

Deno.test("makeReport() omits what does not take part", () => {
  for (const name of ["native", "script"]) {
    const { rule, lists, candidates, command, install } = report(name);
    assertEquals([rule, lists, candidates, command, install], [undefined, [], [], undefined, []]);
  }
});

Deno.test("makeReport() has the status that a start would exit with", () => {
  const all = Object.keys(SITUATIONS).map((name) => [name, report(name).outcome.status] as const);
  assertEquals(Object.fromEntries(all.filter(([, status]) => status !== 0)), {
    "nothing-installed": 127,
    "another-system": 127,
    "no-manager-known": 127,
    "no-loader": 127,
    "picked-unknown": 126,
    "format-off": 127,
    "unknown-kind": 126,
    "damaged": 126,
    "not-executable": 126,
    "nothing-configured": 127,
    "foreign": 126,
    "muvm-without-session": 127,
    "path-narrowed": 127,
    "interpreter-gone": 127,
    "noexec": 126,
  });
});

Deno.test("makeReport() names the override and what became of it", () => {
  const names = ["picked", "picked-for-others", "picked-unknown", "static"];
  const states = names.map((name) => report(name).override?.state);
  assertEquals(states, ["taken", "passed over", "unknown", undefined]);
});
