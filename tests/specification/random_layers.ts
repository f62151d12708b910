/** Random layers as texts, which override, mask and correct each other. */
import fc from "fast-check";
import { toBytes } from "../routes/byte_text.ts";
import {
  FORMAT,
  FORMATS,
  ids,
  idsOrNone,
  INTERPRETER,
  interpreterPath,
  INTERPRETERS,
  MACHINES,
  MUVM,
  patterns,
} from "./random_values.ts";
import { type Statement, type Style, tomlText } from "./toml_text.ts";
import type { LayerFile } from "./world.ts";

const RULE_IDS = ["r", "s", "é", "ｒ", "ｒ", "𝐫", "𝐫", "r.s", "constructor"];

function keysOf(
  path: readonly string[],
  keys: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Statement> {
  return fc.oneof(
    ...Object.entries(keys).map(([key, values]) =>
      values.map((value) => ({ path: [...path, key], value }))
    ),
  );
}

const interpreterStatements = INTERPRETERS.map((id) => ({
  path: keysOf(["interpreters", id], { path: interpreterPath(id) }),
  other: fc.oneof(
    { weight: 3, arbitrary: keysOf(["interpreters", id], INTERPRETER) },
    { weight: 1, arbitrary: keysOf(["interpreters", id], { use_muvm: fc.boolean() }) },
  ),
}));
const interpreterStatement = fc.oneof(
  ...interpreterStatements.flatMap(({ path, other }) => [
    { weight: 1, arbitrary: path },
    { weight: 3, arbitrary: other },
  ]),
);
const muvmStatement = keysOf(["muvm"], MUVM);
const formatStatement = fc.oneof(...FORMATS.map((id) => keysOf(["formats", id], FORMAT)));
const defaultsStatement = idsOrNone.map((value) => ({ path: ["defaults", "interpreter"], value }));
const machineStatement = fc.tuple(fc.constantFrom(...MACHINES, "amd64"), idsOrNone).map(
  ([name, value]) => ({ path: ["machines", name, "interpreter"], value }),
);
const ruleStatement = fc.oneof(
  ...RULE_IDS.map((id) => keysOf(["binaries", id], { path: patterns, interpreter: idsOrNone })),
);

/** Statements without a meaning, which must have no effect. */
const strayStatement = fc.constantFrom<Statement>(
  { path: ["colours"], value: "red" },
  { path: ["colours", "box", "path"], value: "/i/box" },
  { path: ["interpreters", "box", "colour"], value: "red" },
  { path: ["interpreters", "box", "paths"], value: ["/i/box"] },
  { path: ["interpreters", "box", "toString"], value: "x" },
  { path: ["binaries", "r", "comment"], value: "é" },
  { path: ["defaults", "log_level"], value: "debug" },
  { path: ["defaults", "log_level"], value: 3 },
  { path: ["interpreters", "a\tb", "path"], value: "/i/box" },
  { path: ["interpreters", "x".repeat(257), "path"], value: "/i/box" },
  { path: ["interpreters", ""], value: { path: "/i/box" } },
  { path: ["interpreters", "box"], value: "/i/box" },
  { path: ["interpreters", "fex"], value: [{ path: "/i/fex" }] },
  { path: ["formats", "x86_64", "extension"], value: "jar" },
  { path: ["formats", "jar"], value: false },
  { path: ["machines"], value: ["box"] },
  { path: ["muvm"], value: "/i/muvm" },
  { path: ["binaries"], value: [{ path: "/**", interpreter: "box" }] },
  { path: ["defaults"], value: new Date(0) },
);

const statement = fc.oneof(
  { weight: 5, arbitrary: interpreterStatement },
  { weight: 6, arbitrary: ruleStatement },
  { weight: 2, arbitrary: formatStatement },
  { weight: 2, arbitrary: muvmStatement },
  { weight: 1, arbitrary: defaultsStatement },
  { weight: 1, arbitrary: machineStatement },
  { weight: 1, arbitrary: strayStatement },
);

/** Rules by which interpreters run each other in a circle. */
const RING = ["box", "fex", "java"];
const ring: fc.Arbitrary<Statement[]> = fc.array(
  fc.tuple(
    fc.constantFrom(...RULE_IDS),
    fc.subarray(RING, { minLength: 1, maxLength: 2 }),
    fc.subarray(RING, { minLength: 1, maxLength: 2 }),
  ),
  { minLength: 2, maxLength: 6 },
).map((rules) => [
  ...RING.map((id) => ({ path: ["interpreters", id, "path"], value: `/i/${id}` })),
  ...rules.flatMap(([id, paths, interpreter]) => [
    { path: ["binaries", id, "path"], value: paths.map((id) => `/i/${id}`) },
    { path: ["binaries", id, "interpreter"], value: interpreter },
  ]),
]);

/** Most interpreters with some of their keys, the shipped formats, some rules. */
const ground: fc.Arbitrary<Statement[]> = fc.tuple(
  fc.tuple(
    fc.subarray(INTERPRETERS, { maxLength: 2 }),
    ...interpreterStatements.map(({ path, other }) =>
      fc.tuple(path, fc.array(other, { maxLength: 5 }))
    ),
  ).map(([absent, ...all]) =>
    all.flatMap(([path, others]) => absent.includes(path.path[1]!) ? [] : [path, ...others])
  ),
  fc.shuffledSubarray(INTERPRETERS, { minLength: 2 }).map((value) => (
    { path: ["defaults", "interpreter"], value }
  )),
  fc.array(machineStatement, { maxLength: 2 }),
  fc.array(muvmStatement, { maxLength: 3 }),
  fc.subarray<Statement>([
    { path: ["muvm", "path"], value: "/i/muvm" },
    { path: ["muvm", "page_size"], value: 16384 },
    { path: ["interpreters", "box", "use_muvm"], value: true },
    { path: ["interpreters", "qemu", "use_muvm"], value: true },
    { path: ["formats", "windows", "magic"], value: "MZ" },
    { path: ["formats", "dotnet", "magic"], value: "MZ" },
    { path: ["formats", "dotnet", "clr"], value: true },
    { path: ["formats", "jar", "extension"], value: "jar" },
    { path: ["formats", "jar", "interpreter"], value: "java" },
    { path: ["formats", "zip", "magic"], value: "Mx" },
    { path: ["formats", "zip", "mask"], value: "\\xff\\x00" },
    { path: ["formats", "zip", "interpreter"], value: ["box", "java"] },
  ], { minLength: 8 }),
  fc.array(fc.tuple(fc.constantFrom(...FORMATS), ids), { maxLength: 3 }),
  fc.array(fc.tuple(fc.constantFrom(...RULE_IDS), patterns, ids), { maxLength: 8 }),
  fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: ring }),
).map(([interpreters, defaults, machines, muvm, shipped, formats, rules, ring]) => [
  ...[...interpreters, defaults, ...machines, ...muvm, ...shipped],
  ...formats.map(([id, value]) => ({ path: ["formats", id, "interpreter"], value })),
  ...rules.flatMap(([id, path, interpreter]) => [
    { path: ["binaries", id, "path"], value: path },
    { path: ["binaries", id, "interpreter"], value: interpreter },
  ]),
  ...ring,
]);

const style: fc.Arbitrary<Style> = fc.record({
  tables: fc.constantFrom("headers", "headers", "dotted", "inline"),
  quoted: fc.boolean(),
  literal: fc.boolean(),
  comments: fc.boolean(),
  crlf: fc.boolean(),
  mark: fc.boolean(),
});

const asItIs = (text: string) => text;
/** Changes of a layer's text before it is written; most leave it as it is. */
const spoil = fc.constantFrom<(text: string) => string>(
  ...Array<typeof asItIs>(30).fill(asItIs),
  (text) => `${text}x = \n`,
  (text) => `${text}[binaries.r\n`,
  (text) => `${text}\n[[machines]]\n`,
  (text) => `deep = ${"[".repeat(12)}${"]".repeat(12)}\n${text.replace("\ufeff", "")}`,
  (text) => `${text}# \udcff\n`,
  () => "",
  () => " \n",
  // The last table again: as it is, and with a further key.
  (text) => `${text}\n${lastTable(text)}`,
  (text) => `${text}\n${lastTable(text)}`,
  (text) => `${text}\n${lastTable(text)}# more\nx = 1\n`,
);

function lastTable(text: string): string {
  const at = text.lastIndexOf("\n[");
  return at < 0 ? "" : text.slice(at + 1);
}

const file = (
  statements: fc.Arbitrary<Statement[]>,
  spoiling: typeof spoil = spoil,
): fc.Arbitrary<LayerFile> =>
  fc.record({
    content: fc.tuple(statements, style, spoiling).map(([all, style, spoil]) =>
      toBytes(spoil(tomlText(all, style)))
    ),
    to_null: fc.constantFrom(...Array<boolean>(40).fill(false), true),
    uid: fc.constantFrom(0, 1000, 1000, 1000, 1001),
    gid: fc.constantFrom(0, 1000),
    mode: fc.constantFrom(0o644, 0o644, 0o644, 0o600, 0o664, 0o646),
  });

/** The lowest layer is seldom spoiled: little would be decided without it. */
const lowest = file(ground, fc.oneof({ weight: 9, arbitrary: fc.constant(asItIs) }, spoil));
const over = file(fc.array(statement, { minLength: 1, maxLength: 10 }));
const further = (...paths: readonly string[]) => fc.tuple(fc.constantFrom(...paths), over);
const VENDOR = "/usr/lib/binfmt-dispatcher.d";
const ADMIN = "/etc/binfmt-dispatcher.d";
const ROOT = "/root";
const USER = "binfmt-dispatcher/binfmt-dispatcher.toml";

/** One to five layers; the lowest is the largest. */
export const files: fc.Arbitrary<ReadonlyMap<string, LayerFile>> = fc.tuple(
  fc.tuple(
    fc.constantFrom(...Array<string>(9).fill(`${VENDOR}/10-a.toml`), `${VENDOR}/9-b.toml`),
    lowest,
  ),
  fc.array(
    fc.oneof(
      further(`${VENDOR}/10-a.toml`, `${VENDOR}/9-b.toml`, `${VENDOR}/é.toml`),
      further(
        `${ADMIN}/10-a.toml`,
        ...Array<string>(4).fill(`${ADMIN}/9-b.toml`),
        `${ADMIN}/99-z.toml`,
      ),
      further("/etc/binfmt-dispatcher.toml"),
      further("/etc/binfmt-dispatcher.toml"),
      further(`/a/.config/${USER}`),
      further(`/a/.config/${USER}`, `/a/b/.config/${USER}`),
      further(`/xdg/${USER}`),
      further(`${VENDOR}/.a.toml`, `${ADMIN}/z.conf`, `${ADMIN}/.9-b.toml`, `/a/b/${USER}`),
      further(`${ROOT}/.config/${USER}`),
    ),
    { maxLength: 4 },
  ),
).map(([lowest, others]) => new Map([...others, lowest]));
