import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { validValues } from "../specification/configuration.ts";
import { tables } from "../specification/layers.ts";
import { TABLES } from "../../lib/config/schema.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { files } from "../specification/random_layers.ts";
import { FORMAT, INTERPRETER, MUVM } from "../specification/random_values.ts";
import { world } from "../specification/random_worlds.ts";
import { specification } from "../specification/specification.ts";
import {
  type Command,
  type Explanation,
  type Files,
  variable,
  type World,
} from "../specification/world.ts";
import { matches } from "./naive_pattern.ts";
import { subject } from "./subject.ts";

const RUNS = 750;
const SEED = 20261122;

/** Each configuration is asked about each of these worlds. */
const configurations = fc.array(files, { minLength: 1, maxLength: 3, size: "max" });
const worlds = fc.array(world, { minLength: 1, maxLength: 150, size: "max" });

/** The classes of a case; each class must occur often enough. */
function classes(world: World, { kind, rule, candidates, outcome }: Explanation): string[] {
  const found = ["reason" in outcome ? outcome.reason : "runs"];
  const chosen = candidates.findIndex(({ verdict }) => verdict === "usable");
  for (const { verdict } of candidates) {
    found.push(`candidate: ${typeof verdict === "string" ? verdict : Object.keys(verdict)[0]}`);
  }
  if (candidates.length === 0) found.push("no candidate");
  if ("argv" in outcome) found.push(...commandClasses(world, outcome));
  if (chosen > 0) found.push("not the first candidate");
  if (chosen >= 0) found.push(`runs ${kind}`);
  if (kind?.includes(" ")) found.push("no CLR header");
  if (rule !== undefined) found.push(...ruleClasses(world, rule));
  const override = world.env.some((entry) => entry.startsWith("BINFMT_DISPATCHER_INTERPRETER="));
  const id = variable(world, "BINFMT_DISPATCHER_INTERPRETER");
  const isTaken = id !== undefined && candidates.every((candidate) => candidate.id === id);
  if (override && candidates.length > 0) {
    found.push(`override ${world.secure ? "ignored" : isTaken ? "taken" : "skipped"}`);
  }
  if (world.secure) found.push("privileged");
  return found;
}

function ruleClasses(world: World, { path, by_links }: NonNullable<Explanation["rule"]>): string[] {
  const found = ["a rule"];
  if (path.startsWith("~/")) found.push("a rule below home");
  if (by_links) found.push(path.startsWith("~/") ? "home's links" : "links");
  if (path.endsWith("/")) found.push("a directory's rule");
  else if (/[*?[{]/.test(path)) found.push("a glob's rule");
  else found.push("an exact rule");
  const isExact = path === world.canonical || path === world.program;
  if (isExact && /[*?[{\]]/.test(path)) found.push("a glob's own text");
  const isGiven = !path.startsWith("~/") && !by_links && !matches(path, world.canonical);
  if (isGiven) found.push("a rule for the given path");
  if (path.startsWith("/i/")) found.push("a rule for an interpreter");
  return found;
}

function commandClasses(world: World, { argv, env }: Command): string[] {
  const guest = argv.indexOf("guest");
  const found = [guest < 0 ? "plain" : "through muvm"];
  if (guest > 0) {
    const words = argv.slice(guest + 1);
    if (argv.includes("-t")) found.push("on a terminal");
    if (argv.includes("-e")) found.push("forwarded variables");
    if (/^\w+=/.test(words[3]!)) found.push("a variable for the guest");
    if (/^\w+$/.test(words[3]!)) found.push("a variable removed in the guest");
    if (words.some((word) => /%[0-9A-F]{2}/.test(word))) found.push("an encoded word");
    if (argv.some((arg) => arg.startsWith("/run/muvm-host/"))) found.push("the host's /run");
  }
  const kept = world.env.filter((entry) => env.includes(entry));
  if (kept.length < world.env.length) found.push("a removed variable");
  if (env.length > kept.length) found.push("an added variable");
  return found;
}

/** The classes of layers, among them the layers without which something changes. */
function layerClasses(files: Files, worlds: readonly World[]): string[] {
  const found = [];
  const all = tables(files, undefined, 0);
  const said = all.flatMap((table) => keysOf(table, 3)).length;
  if (validValues(all).length < said) found.push("a faulty value or an unknown key");
  const roots = [...files.keys()].filter((path) => /^\/(etc|usr)\/.*\/[^.]*\.toml$/.test(path));
  const names = roots.map((path) => path.slice(path.lastIndexOf("/") + 1));
  if (new Set(names).size < names.length) found.push("a mask");
  else if (all.length < roots.length) found.push("a file that is no layer");
  const whole = specification(files);
  for (const path of files.keys()) {
    const without = specification(new Map([...files].filter(([other]) => other !== path)));
    const decides = worlds.some((world) => text(whole(world)) !== text(without(world)));
    if (decides) found.push(`decided by ${path.replace(/[^/]*\.toml$/, "")}`);
  }
  return found;
}

/** The values this many steps below the root, and those above that are not tables. */
function keysOf(table: unknown, steps: number): unknown[] {
  if (steps === 0 || typeof table !== "object" || table === null) return [table];
  return Object.values(table).flatMap((each) => keysOf(each, steps - 1));
}

function text(explanation: Explanation): string {
  return JSON.stringify(explanation);
}

/** A counterexample that can be read. */
function described(files: Files, whole: World): string {
  const { present, directories, foreign, file, links, ...world } = whole;
  const layers = [...files].map(([path, { content, ...facts }]) =>
    `${path} ${JSON.stringify(facts)}\n${new TextDecoder().decode(content).slice(0, 2000)}`
  );
  const sets = Object.fromEntries(
    Object.entries({ present, directories, foreign })
      .map(([name, set]) => [name, [...set as Set<string>]]),
  );
  const head = String.fromCharCode(...file.subarray(0, 20));
  return [...layers, JSON.stringify({ ...world, head, links: [...links], ...sets })].join("\n");
}

Deno.test("the random layers have every key of interpreters, formats and muvm", () => {
  const missing = (table: "interpreters" | "formats" | "muvm", random: object) =>
    Object.keys(TABLES[table]).filter((key) => !(key in random));
  // An interpreter's path is generated separately.
  assertEquals(missing("interpreters", INTERPRETER), ["path"]);
  assertEquals([...missing("formats", FORMAT), ...missing("muvm", MUVM)], []);
});

Deno.test("the program decides random starts with random layers as the specification does", () => {
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  const property = fc.property(
    fc.noBias(configurations),
    fc.noBias(worlds),
    (configurations, worlds) => {
      for (const files of configurations) {
        const specified = specification(files);
        const decided = subject(files);
        const ofMachine = new Map(MACHINES.map(({ name }) => [name, subject(files, name)]));
        for (const [i, world] of worlds.entries()) {
          const expected = specified(world);
          const actual = decided(world);
          if (text(actual) !== text(expected)) {
            assertEquals(actual, expected, described(files, world));
          }
          const alone = i % 5 === 0 ? ofMachine.get(expected.kind ?? "") : undefined;
          if (alone !== undefined) {
            assertEquals(text(alone(world)), text(actual), described(files, world));
            count("by the lists of one machine");
          }
          count("cases");
          classes(world, expected).forEach(count);
        }
        layerClasses(files, worlds.slice(0, 12)).forEach(count);
      }
    },
  );
  fc.assert(property, { seed: SEED, numRuns: RUNS });
  const all = JSON.stringify(Object.fromEntries([...seen].sort()));
  assert(seen.get("cases")! >= 100_000, all);
  assert(seen.get("by the lists of one machine")! >= 5_000, all);
  const rare = (classes: readonly string[], least: number) =>
    classes.filter((each) => (seen.get(each) ?? 0) < least);
  assertEquals(rare(LAYERS, 30), [], all);
  assertEquals(rare(STARTS, 200), [], all);
});

/** Classes that must occur among some 1,300 sets of layers. */
const LAYERS = [
  ...["a faulty value or an unknown key", "a file that is no layer", "a mask"],
  ...["/usr/lib/binfmt-dispatcher.d/", "/etc/binfmt-dispatcher.d/", "/etc/"].map((directory) =>
    `decided by ${directory}`
  ),
  ...["/a/.config", "/xdg"].map((directory) => `decided by ${directory}/binfmt-dispatcher/`),
];

/** Classes that must occur among some 100,000 starts. */
const STARTS = [
  ...["runs", "not a program", "damaged program", "unknown override", "no interpreter"],
  ...["foreign interpreter", "no candidate", "not the first candidate", "plain", "through muvm"],
  ...[
    ...["usable", "foreign", "not executable", "root", "no runtime directory"],
    ...["no working directory", "no home", "variables", "missing", "no_loader"],
  ].map((verdict) => `candidate: ${verdict}`),
  ...["x86_64", "i386", "hexagon", "windows", "dotnet", "jar", "zip"].map((kind) => `runs ${kind}`),
  ...["a rule", "an exact rule", "a directory's rule", "a glob's rule", "a rule below home"],
  ...["links", "home's links"],
  ...["a rule for the given path", "a rule for an interpreter", "no CLR header"],
  ...["override taken", "override skipped", "override ignored", "privileged"],
  ...["on a terminal", "forwarded variables", "a variable for the guest", "an encoded word"],
  ...["the host's /run", "a removed variable", "an added variable"],
];
