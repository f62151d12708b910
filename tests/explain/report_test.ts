import { assert, assertEquals } from "@std/assert";
import { reportOn } from "../../lib/commands/explain.ts";
import { headersOf } from "../programs.ts";
import { situation, SITUATIONS } from "./situations.ts";
import { report } from "./reports.ts";

Deno.test("makeReport() says where the rule and each list are defined", async () => {
  const { rule, lists, rule_count } = await report("rule-for-others");
  const file = "/etc/binfmt-dispatcher.toml";
  assertEquals(rule, { id: "g", path: "/data/", leads_to: undefined, file, line: 5 });
  assertEquals(rule_count, 2);
  assertEquals(lists.map(({ state, line }) => `${state} ${line}`), [
    "passed over 6",
    "serves 8",
    "not asked 2",
  ]);
});

Deno.test("makeReport() says if links in a rule's path led to the program", async () => {
  const file = "/etc/binfmt-dispatcher.toml";
  const { rule } = await report("rule-by-links");
  assertEquals(rule, { id: "games", path: "/opt/games/", leads_to: "/data/", file, line: 2 });
  const { environment } = situation("/mnt/a/game", {
    "/mnt/a/game": { content: headersOf("x86_64"), mode: 0o755 },
    "/home/u/.l": { link: "/mnt/a", uid: 1000 },
    [file]: '[binaries.l]\npath = "~/.l/g*"\ninterpreter = "fex"\n',
  });
  const made = await reportOn("/mnt/a/game", environment);
  assert(made.ok);
  assertEquals(made.value.rule, { id: "l", path: "~/.l/g*", leads_to: "/mnt/a/g*", file, line: 2 });
});

Deno.test("makeReport() omits what does not take part", async () => {
  for (const name of ["native", "script"] as const) {
    const { rule, lists, candidates, command, install } = await report(name);
    assertEquals([rule, lists, candidates, command, install], [undefined, [], [], undefined, []]);
  }
});

Deno.test("makeReport() has the status that a start would exit with", async () => {
  const statuses: Record<string, number> = {};
  for (const name of Object.keys(SITUATIONS)) statuses[name] = (await report(name)).outcome.status;
  const failing = Object.entries(statuses).filter(([, status]) => status !== 0);
  assertEquals(Object.fromEntries(failing), {
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

Deno.test("makeReport() names the override and what became of it", async () => {
  const states = [];
  for (const name of ["picked", "picked-for-others", "picked-unknown", "static"] as const) {
    states.push((await report(name)).override?.state);
  }
  assertEquals(states, ["taken", "passed over", "unknown", undefined]);
});
