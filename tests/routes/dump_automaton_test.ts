import { assert, assertEquals } from "@std/assert";
import { dumpAutomaton } from "../../lib/routes/dump_automaton.ts";
import { rule } from "./small_config.ts";
import { tableOf } from "./table_of.ts";

const dump = (...paths: string[]) =>
  dumpAutomaton(tableOf({ rules: paths.map((path) => rule(path, "x")) }));

Deno.test("dumpAutomaton() writes bytes without a choice as one word", () => {
  assertEquals(dump("/usr/bin/a", "/usr/bin/bc").lines, [
    "start  “/usr/bin/”  → s1",
    "s1  “a”  → s2",
    "s1  “bc”  → s3",
    "s2  ends here: rule 1 “/usr/bin/a”",
    "s3  ends here: rule 2 “/usr/bin/bc”",
  ]);
});

Deno.test("dumpAutomaton() writes ranges, and what any byte leads to", () => {
  assertEquals(dump("/a/", "/[b-c]").lines, [
    "start  “/”  → s1",
    "s1  “[b-c]”  → s2",
    "s1  “a/”  → s3",
    "s1  [b-c]  → s2",
    "s2  ends here: rule 2 “/[b-c]”",
    "s3  ends here: rule 1 “/a/”",
    "s3  any byte  → s3",
  ]);
});

Deno.test("dumpAutomaton() counts, and shows no more than a person reads", () => {
  assertEquals(dump().lines, []);
  const { states, edges, lines } = dump(...Array.from({ length: 600 }, (_, i) => `/${i}/${i % 7}`));
  assert(states > 600 && edges >= states - 1);
  assertEquals(lines.length, 501);
  assertEquals(lines.at(-1), "…");
});
