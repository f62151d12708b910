import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Config } from "../../lib/config/config.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { type Decision, evaluate } from "../../lib/routes/evaluate.ts";
import type { Facts } from "../../lib/routes/facts.ts";
import { Table } from "../../lib/routes/table.ts";
import { WRAPPER_WORDS } from "../../lib/routes/wrapper_words.ts";
import { buildElf } from "../elf/build_elf.ts";
import { buildPe } from "./build_pe.ts";
import { byteText, toBytes } from "./byte_text.ts";
import { config, world } from "./random_worlds.ts";
import { effective } from "./small_config.ts";
import { type Expected, specification, variables, type World } from "./specification.ts";

const RUNS = 10_000;
const SEED = 20261122;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function fileOf({ machine, loader, head, clr }: World): Uint8Array {
  if (machine !== undefined) {
    return buildElf(loader === undefined ? { machine } : { machine, interp: loader });
  }
  return head === "MZ and more" ? buildPe(clr) : encoder.encode(head);
}

function factsOf(world: World): Facts {
  const file = fileOf(world);
  return {
    program: toBytes(world.program),
    argv0: toBytes(world.argv0),
    args: world.args.map(toBytes),
    canonical: encoder.encode(world.canonical),
    home: world.home === undefined ? undefined : encoder.encode(world.home),
    env: [...variables(world)].map(([name, value]) => encoder.encode(`${name}=${value}`)),
    cwd: toBytes(world.cwd),
    euid: world.euid,
    page_size: world.page_size,
    terminal: world.terminal,
    secure: false,
    read: (offset, limit) => file.subarray(offset, offset + limit),
    exists: (path) => world.present.has(decoder.decode(path)),
    isForeign: (path) => world.foreign.has(decoder.decode(path)),
  };
}

/** The same with one character for each byte of the command. */
function inBytes({ outcome, rule }: Expected): Expected {
  if ("end" in outcome) return { outcome, rule };
  const { argv, added } = outcome;
  return { outcome: { argv: argv.map(byteText), added: added.map(byteText) }, rule };
}

/** What the table makes of it, in the specification's words, but byte by byte. */
function told(config: Config, { failure, rule, command, added }: Decision): Expected {
  return {
    outcome: failure === undefined
      ? {
        argv: command!.argv.map((arg) => String.fromCharCode(...arg)),
        added: added.map((item) => String.fromCharCode(...item)),
      }
      : { end: failure.code as "internal" },
    rule: rule === undefined || rule.index === 0 ? undefined : config.rules[rule.index - 1],
  };
}

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
