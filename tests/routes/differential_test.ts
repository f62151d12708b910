import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Config } from "../../lib/config/config.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { type Decision, evaluate } from "../../lib/routes/evaluate.ts";
import { Table } from "../../lib/routes/table.ts";
import { WRAPPER_WORDS } from "../../lib/routes/wrapper_words.ts";
import { config, world } from "./random_worlds.ts";
import { effective } from "./small_config.ts";
import { type Expected, specification, type World } from "./specification.ts";
import { inBytes, told } from "./told.ts";
import { factsOf } from "./world_facts.ts";

const RUNS = 10_000;
const SEED = 20261122;

/** What kinds of outcome a case shows: each has to occur often enough to mean something. */
function classes(config: Config, world: World, expected: Expected, decision: Decision): string[] {
  const { outcome, rule } = expected;
  const found = ["end" in outcome ? outcome.end : "runs"];
  if (rule !== undefined) {
    found.push("a rule");
    const { path } = rule;
    if (rule.path.startsWith("~/")) found.push("a rule below home");
    if (path.endsWith("/")) found.push("a folder's rule");
    else if (/[*?[{]/.test(path)) found.push("a glob's rule");
    else found.push("an exact rule");
    if (path === world.canonical && /[*?[{\]]/.test(path)) found.push("a glob's own text");
  } else if (config.rules.length > 0) found.push("no rule");
  for (const { verdict } of decision.candidates) {
    found.push(`candidate: ${verdict.kind}`);
    if (verdict.kind === "wrapper") found.push(verdict.why);
  }
  if (decision.chosen !== undefined) {
    found.push(decision.chosen.candidate.wrapper === undefined ? "plain" : "through muvm");
    if (decision.chosen.candidate.when & 3) found.push("by linkage");
    if (decision.candidates[0] !== decision.chosen) found.push("not the first candidate");
    if (decision.chosen.sysroot.length > 0 && world.loader !== undefined) found.push("a sysroot");
    if (decision.program!.kind.extension !== undefined) found.push("by extension");
    found.push(`runs ${decision.program!.name}`);
  }
  if (decision.override !== undefined) {
    found.push(decision.override.taken ? "override taken" : "override passed over");
  }
  return found;
}

Deno.test("evaluate() agrees with the specification on random configurations and worlds", () => {
  const seen = new Map<string, number>();
  const property = fc.property(config, world, (config, world) => {
    const compiled = compileRoutes(effective(config));
    assert(compiled.ok);
    assertEquals(compiled.value.refused, []);
    const table = Table.read(compiled.value.table);
    assert(table.ok);
    const decision = evaluate(table.value, factsOf(world));
    assert(decision.ok);
    const expected = specification(config, world);
    assertEquals(told(config, decision.value), inBytes(expected));
    for (const each of classes(config, world, expected, decision.value)) {
      seen.set(each, (seen.get(each) ?? 0) + 1);
    }
  });
  fc.assert(property, { seed: SEED, numRuns: RUNS });
  const rare = EXPECTED_CLASSES.filter((each) => (seen.get(each) ?? 0) < RUNS / 200);
  assertEquals(rare, [], `of ${JSON.stringify(Object.fromEntries(seen))}`);
});

const EXPECTED_CLASSES = [
  ...["runs", "not-a-program", "internal", "no-interpreter", "cannot-run"],
  ...["a rule", "no rule", "a rule below home", "a folder's rule", "a glob's rule"],
  ...["an exact rule", "plain", "through muvm", "by linkage", "not the first candidate"],
  ...["a sysroot", "by extension", "override taken", "override passed over"],
  ...["usable", "conditions", "wrapper", "missing", "no loader"].map((kind) =>
    `candidate: ${kind}`
  ),
  ...Object.values(WRAPPER_WORDS),
  ...["x86_64", "i386", "jar", "windows", "dotnet"].map((row) => `runs ${row}`),
];
