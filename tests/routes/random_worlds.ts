/** Random configurations, and starts of programs for which something is at stake in them. */
import fc from "fast-check";
import type { Config, Format, Interpreter, Rule } from "../../lib/config/config.ts";
import { sortRules } from "../../lib/config/sort_rules.ts";
import type { World } from "./specification.ts";

/** Few names, so that patterns meet paths and each other. */
const NAMES = ["a", "b", "ab", "abc", "c.jar", "é"];
const NAME_PATTERNS = [
  ...NAMES,
  ...["*", "a*", "*b", "?", "??", "[ab]", "[!a]*", "[a-b]?", "[^/]", "[]b]", "[b-a]", "*.jar"],
  ...["{a,b}", "{a,b}*", "{a,{b,c}}c", "{ab,a*}", "a{b,}", "{a}", "**", "a**", "**b"],
  ...["[", "{", "a]", "{a,b", "a,b", "[é]", "\\*"],
];
const HOMES = ["/a", "/a/b", "/"];

const names = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 });
const absolute = names.map((parts) => `/${parts.join("/")}`);
/** Where programs are found: not all of it is text. */
const found = fc.array(fc.constantFrom(...NAMES, ...NAMES, "a\udcff"), {
  minLength: 1,
  maxLength: 4,
}).map((parts) => parts.join("/"));
const patternNames = fc.array(fc.constantFrom(...NAME_PATTERNS), { minLength: 1, maxLength: 3 });
const start = fc.constantFrom("/", "/", "/a/", "/a/b/", "~/", "~/", "~/b/", "**/", "*/");
const pattern = fc.oneof(
  { weight: 2, arbitrary: absolute },
  {
    weight: 5,
    arbitrary: fc.tuple(start, patternNames, fc.constantFrom("", "", "", "/", "/**")).map(
      ([start, parts, end]) => `${start}${parts.join("/")}${end}`,
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("/**", "/a/", "/**/b", "/a/**/b", "~/**", "/**/**/ab") },
);

const INTERPRETERS = ["box", "fex", "java", "mono", "qemu"];
const MACHINES = ["x86_64", "i386", "hexagon"];
const FORMATS = ["dotnet", "jar", "windows"];
const ids = fc.oneof(
  { weight: 1, arbitrary: fc.subarray(INTERPRETERS, { maxLength: 1 }) },
  { weight: 3, arbitrary: fc.shuffledSubarray(INTERPRETERS, { minLength: 2, maxLength: 4 }) },
);

const interpreter = (id: string): fc.Arbitrary<Interpreter> =>
  fc.record({
    name: fc.constant(id.toUpperCase()),
    path: fc.uniqueArray(
      fc.constantFrom(
        ...[`/i/${id}`, `/i/${id}-{machine}`, `~/i/${id}`, `/i/${id}-{debian}`],
        // Of these QEMU's are for one machine alone.
        ...[`/i/${id}-x86_64`, `/i/${id}-i386-static`],
      ),
      { minLength: 1, maxLength: 2 },
    ),
    args: fc.constantFrom(
      ["{program}"],
      ["-L", "{sysroot}", "-0", "{argv0}", "--", "{program}"],
      ["{machine}:{gnu}", "x{program}y{unknown}"],
      [],
    ),
    env: fc.constantFrom<Record<string, string>>({}, { BOX_ARG0: "{argv0}", NEW: "{program}" }),
    machines: fc.subarray([...MACHINES, ...FORMATS], { minLength: 3 }),
    linkage: fc.constantFrom("both", "both", "static", "dynamic"),
    sysroot: fc.constantFrom([], [], ["/"], ["/", "/usr/{gnu}"], ["/usr/{gnu}"], ["/usr/{debian}"]),
    required_paths: fc.constantFrom<readonly string[][]>(
      [],
      [],
      [["/r/a"]],
      [["/r/b", "~/r", "{XDG_DATA_HOME}/r"], ["/r/a"]],
      [["/r/{debian}", "/r/{machine}"]],
    ),
    packages: fc.constant({}),
    hint: fc.constant(undefined),
    use_muvm: fc.boolean(),
  });

const MZ = new Uint8Array([0x4d, 0x5a]);
const nothing = { magic: undefined, mask: undefined, offset: 0, clr: false };
const formats = fc.record({
  dotnet: ids.map((interpreter): Format => (
    { ...nothing, extension: undefined, magic: MZ, mask: MZ.map(() => 255), clr: true, interpreter }
  )),
  jar: ids.map((ids) => ["java", ...ids]).map((interpreter): Format => ({
    ...nothing,
    extension: "jar",
    interpreter,
  })),
  windows: ids.map((interpreter): Format => (
    { ...nothing, extension: undefined, magic: MZ, mask: MZ.map(() => 255), interpreter }
  )),
}, { requiredKeys: ["jar"] });

const rule: fc.Arbitrary<Rule> = fc.record({
  id: fc.constantFrom("r", "s", "t"),
  path: pattern,
  interpreter: ids,
  layer: fc.nat(2),
});
const rules = fc.uniqueArray(rule, { maxLength: 8, selector: ({ id, path }) => `${id} ${path}` })
  .map(sortRules);

export const config: fc.Arbitrary<Config> = fc.record({
  defaults: ids.map((interpreter) => ({ interpreter, log_level: "warn" })),
  machines: fc.tuple(fc.subarray(MACHINES), ids).map(([names, ids]) =>
    new Map(names.map((name) => [name, ids]))
  ),
  interpreters: fc.tuple(
    fc.subarray(INTERPRETERS, { maxLength: 2 }),
    ...INTERPRETERS.map(interpreter),
  ).map(
    ([left_out, ...all]) =>
      new Map(INTERPRETERS.flatMap((id, i) => left_out.includes(id) ? [] : [[id, all[i]!]])),
  ),
  muvm: fc.record({
    path: fc.constant("/i/muvm"),
    page_size: fc.constantFrom(4096, 4096, 16384),
    args: fc.constantFrom(["-i"], []),
    tty_args: fc.constantFrom(["-t"], []),
    forward_env: fc.boolean(),
    never_forward: fc.constantFrom([], ["DISPLAY", "XDG_*"], ["DISP", "LANGUAGE"]),
    required_paths: fc.constantFrom<readonly string[][]>([], [["/r/kvm"]]),
    packages: fc.constant({}),
    linger: fc.constant(300),
  }),
  formats: formats.map((named) => new Map(Object.entries(named))),
  rules,
});

/** Everything that a configuration may ask for. */
const FILES = [
  ...INTERPRETERS.flatMap((id) => [
    `/i/${id}`,
    ...MACHINES.map((machine) => `/i/${id}-${machine}`),
    `/i/${id}-i386-static`,
    ...HOMES.map((home) => `${home}/i/${id}`),
    `/i/${id}-amd64`,
    `/i/${id}-i386`,
  ]),
  ...["/i/muvm", "/r/a", "/r/b", "/r/amd64", "/r/x86_64", "/r/hexagon", "/r/jar", "/r/kvm"],
  ...["/a/r", "/a/b/.local/share/r", "/data/r", "//ld.so", "//lib/ld.so"],
  ...["/usr/x86_64-linux-gnu/ld.so", "/usr/x86_64-linux-gnu/lib/ld.so"],
];

/** Also names that are none, what is no variable at all, and bytes that are no text. */
const FURTHER = [
  ...["LANG=C", "DISPLAY=:0", "BOX_ARG0=old", "BOX_ARG0=", "NEW=é", "XDG_SESSION=1", "LANGUAGE"],
  ...["not-a-name=1", "=x", "", "1A=1", "_=_", "A=\udcff", "\udcfe=1", "DISP=1=2", "A==", "é=1"],
];
const ARGUMENTS = [
  ...["x", "", "é y", "-e", "--", "{program}", "a b", "'", "*", "$(x)", "\n"],
  ...["\udcff", "a\udc80b", "-h", "--help", "=", "=-h", "-h=", "--helper"],
];

/** A world whose files can be counted. */
export interface RandomWorld extends World {
  readonly present: ReadonlySet<string>;
  readonly foreign: ReadonlySet<string>;
}

export const world: fc.Arbitrary<RandomWorld> = fc.record({
  program: fc.oneof(found.map((path) => `/${path}`), found, found.map((path) => `/run/${path}`)),
  argv0: fc.constantFrom("prog", "", "-é", "prog", "", "-é", "\udcc3"),
  args: fc.array(fc.constantFrom(...ARGUMENTS), { maxLength: 4 }),
  canonical: fc.oneof(
    found.map((path) => `/${path}`),
    found.map((path) => `/a/b/${path}`),
    found.map((path) => `/run/${path}`),
  ),
  machine: fc.constantFrom("x86_64", "x86_64", "i386", "hexagon", undefined, undefined),
  loader: fc.constantFrom(undefined, "/ld.so", "/lib/ld.so", "relative"),
  head: fc.constantFrom("MZ and more", "MZ and more", "MZ and more", "MZ", "#!"),
  clr: fc.boolean(),
  home: fc.constantFrom(undefined, "/a", "/a", ...HOMES),
  data_home: fc.constantFrom(undefined, "/data"),
  override: fc.constantFrom(...INTERPRETERS, ...INTERPRETERS.map(() => undefined)),
  further: fc.array(fc.constantFrom(...FURTHER), { maxLength: 6 }),
  page_size: fc.constantFrom(4096, 16384),
  terminal: fc.boolean(),
  present: fc.oneof(
    { weight: 1, arbitrary: fc.subarray(FILES) },
    {
      weight: 3,
      arbitrary: fc.subarray(FILES, { maxLength: 8 }).map((absent) =>
        FILES.filter((file) => !absent.includes(file))
      ),
    },
  ).map((files) => new Set(files)),
  foreign: fc.oneof(
    { weight: 4, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.subarray(FILES) },
  ),
  cwd: fc.constantFrom(...["/run/user/1", "/run", "/running", "/home/u", "/a"], "/run/\udcff"),
  euid: fc.constantFrom(1000, 1000, 1000, 0),
  runtime_dir: fc.constantFrom("/run/user/1", "/run/user/1", "/", undefined, "", "user/1"),
}).map((world) => ({
  ...world,
  foreign: new Set(world.foreign.filter((file) => world.present.has(file))),
  // What is no ELF file asks for no loader; only a whole PE file has a CLR header.
  loader: world.machine === undefined ? undefined : world.loader,
  clr: world.clr && world.head === "MZ and more",
}));
