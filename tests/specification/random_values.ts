/** Random values for each key of a layer, from few names and words; some are faulty. */
import fc from "fast-check";

export const INTERPRETERS = ["box", "fex", "java", "qemu", "constructor"];
export const MACHINES = ["x86_64", "i386", "hexagon"];
export const FORMATS = ["dotnet", "jar", "windows", "zip"];
const LONG = "x".repeat(4097);

/** One value in ten is faulty. */
function orFaulty<T>(good: fc.Arbitrary<T>, ...faulty: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 9, arbitrary: good },
    { weight: 1, arbitrary: fc.constantFrom(...faulty) },
  );
}

/** A list, or its only item without the list. */
function oneOrMore<T>(list: fc.Arbitrary<readonly T[]>): fc.Arbitrary<T | readonly T[]> {
  return fc.tuple(list, fc.boolean()).map(([all, alone]) => (
    alone && all.length === 1 ? all[0]! : all
  ));
}

const named = fc.oneof(
  { weight: 2, arbitrary: fc.subarray(INTERPRETERS, { minLength: 1, maxLength: 1 }) },
  { weight: 5, arbitrary: fc.shuffledSubarray(INTERPRETERS, { minLength: 2, maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.shuffledSubarray(["gone", "box", "lost", "java"], { minLength: 1, maxLength: 3 }),
  },
);
const FAULTY_NAMES = [
  ...[5, true, "", "a\tb", ["box", 7], [["box"]], { a: "box" }, [""], ["x".repeat(257)]],
];
export const ids = orFaulty(oneOrMore(named), ...FAULTY_NAMES);
export const idsOrNone = fc.oneof(
  { weight: 9, arbitrary: ids },
  { weight: 1, arbitrary: fc.constant([]) },
);

/** Few names, so that patterns match paths and overlap. */
export const NAMES = ["a", "a", "b", "b", "ab", "abc", "c.jar", "é"];
/** Sets of links, through which rules lead. Nothing else has their names. */
export const LINKS: readonly Readonly<Record<string, string>>[] = [
  {},
  { "/l": "/a", "/k": "/a/../run", "/a/l": "b", "/a/b/l": "../../run/", "/run/k": "a" },
  { "/l": "k", "/k": "a//b", "/a/l": "/l/ab", "/a/b/l": "/", "/run/k": "../l", "/a/k": "." },
  { "/l": "l", "/k": "/gone/k", "/a/l": "/", "/a/k": "/l", "/a/b/l": "../b", "/run/k": "é/../a" },
];

const NAME_PATTERNS = [
  ...NAMES,
  ...["*", "a*", "*b", "?", "??", "[ab]", "[!a]*", "[a-b]?", "[^/]", "[]b]", "[b-a]", "*.jar"],
  ...["{a,b}", "{a,b}*", "{a,{b,c}}c", "{ab,a*}", "a{b,}", "{a}", "**", "a**", "**b"],
  ...["[", "{", "a]", "{a,b", "a,b", "[é]", "\\*"],
];
const patternNames = fc.array(fc.constantFrom(...NAME_PATTERNS), { minLength: 1, maxLength: 3 });
const start = fc.constantFrom(
  ...["/", "/", "/a/", "/a/b/", "/*/", "/**/", "/run/**/", "~/", "~/", "~/b/", "~/**/", "**/"],
  ...["*/", "/l/", "/l/", "/k/", "/a/l/", "/a/./l/", "/l/../", "/run/k/", "~/l/", "~/l/"],
  ...["~/k/b/"],
);
const pattern = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 })
      .map((parts) => `/${parts.join("/")}`),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(start, patternNames, fc.constantFrom("", "", "", "/", "/**")).map(
      ([start, parts, end]) => `${start}${parts.join("/")}${end}`,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["/**", "/", "/a/", "/a/b/", "/**/b", "/a/**/b", "~/**", "~/", "/**/**/ab", "/run/", "*"],
      ...["~/a", "~/b", "~/b/a", "/a/*", "/a/?", "/a/b/**", "/*/*"],
      ...["/l/", "/l/**", "/k/", "/k", "/l/ab", "/a/l/", "/a/l", "~/l", "~/l/", "~/l/**", "~/k/"],
      ...["/l", "/k/*", "/l/*", "/a/l/?", "~/l/*", "/run/k/**", "/k/a/b"],
    ),
  },
  // Rules for the interpreters themselves.
  { weight: 1, arbitrary: fc.constantFrom(...INTERPRETERS.map((id) => `/i/${id}`), "~/i/box") },
);
export const patterns = orFaulty(
  fc.oneof(
    { weight: 9, arbitrary: oneOrMore(fc.array(pattern, { minLength: 1, maxLength: 2 })) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  ...["a/b", "", ["/a", "b"], 3, "/a\nb", `/${LONG}`, ["/**", 1], { path: "/**" }, "~", "~a/**"],
);

const sysroots = fc.constantFrom<string | string[]>(
  ...[[], [], "/", ["/"], ["/", "/usr/{gnu}"], "/usr/{gnu}", ["/usr/{debian}"]],
  ...["/usr/{machine}", ["/{program}", "/usr/{gnu}/"], ["$ROOT", "/"], "$ROOT", ["/", "$ROOT"]],
  ...[["/", "/a"], ["$ROOT", "/", "/a/b", "/a"]],
);
const required = fc.constantFrom<unknown[]>(
  ...[[], [], [], [], [], ["/r/a"], [["/r/a"]], [["/r/b", "~/r", "{XDG_DATA_HOME}/r"], "/r/a"]],
  ...[["$ROOT"], [["$ROOT", "/r/b"]], [["/r/b", "$LANG"]]],
  ...[[["/r/{debian}", "/r/{machine}"]], ["/r/{debian}"], ["{XDG_DATA_HOME}/r"], ["~/r"], [[]]],
);
const FAULTY_REQUIRED = [
  ...["/r/a", ["r"], [[["/r/a"]]], [3], ["{HOME}/r"], { a: "/r/a" }, ["/r", ""]],
  ...[["$"], ["$A B"], ["$1"]],
];
const packages = orFaulty(
  fc.constantFrom({}, { apt: "box", dnf: ["box", "a?"] }),
  ...["box", { apt: "-y" }, { apt: 3 }, []],
);

export function interpreterPath(id: string): fc.Arbitrary<unknown> {
  const one = fc.constantFrom(
    ...[`/i/${id}`, `/i/${id}`, `/i/${id}-{machine}`, `~/i/${id}`, `/i/${id}-{debian}`],
    ...[`/i/${id}-{gnu}`, "/i/qemu-x86_64", "/i/qemu-i386-static", "/i/qemu-{machine}"],
    ...["/i/qemu-{debian}", "/i/FEXInterpreter", "/i/FEX", `/run/${id}`, "/i/{program}"],
  );
  return orFaulty(
    oneOrMore(fc.array(one, { minLength: 1, maxLength: 2 })),
    ...[[], "i/box", "", 3, ["/i/box", 4], "/i/\u0001", `/${LONG}`, {}, "{XDG_DATA_HOME}/box"],
  );
}

const NAMES_OF_JAVASCRIPT = Object.fromEntries(
  ["constructor", "prototype", "__proto__"].map((name) => [name, "{argv0}"]),
);

const ARGS = [
  ["{program}"],
  ["-L", "{sysroot}", "-0", "{argv0}", "--", "{program}"],
  ["{machine}:{gnu}", "x{program}y{unknown}", "{Program}", "~/é"],
  ["{debian}", "{argv0}{argv0}"],
  ["-h", "=x", "{program}", "--help", "={argv0}"],
  [],
];

export const INTERPRETER: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  name: orFaulty(fc.constantFrom("Box", "é"), "", "a\tb", 3, "x".repeat(257), "\u202e"),
  args: orFaulty(fc.constantFrom(...ARGS), "{program}", [1], ["a\0b"], [[]], [LONG]),
  env: orFaulty(
    fc.constantFrom(
      {},
      { BOX_ARG0: "{argv0}", NEW: "{program}" },
      { NEW: "{sysroot}{gnu}" },
      { LANG: "", A: "=" },
      { D: "{debian}" },
      { QEMU_X: "ours" },
      { NEW: { default: "{argv0}" }, LANG: false, A: { default: "" } },
      { LANG: { default: "x" }, QEMU_X: { default: "{sysroot}" }, Z: "z", D: false },
      { HOME: false, GONE: false },
      NAMES_OF_JAVASCRIPT,
    ),
    ...["A=b", { "1A": "x" }, { A: 1 }, { A: true }, { A: { default: false } }, { A: {} }, []],
    ...[{ A: "a\0" }, { "": "x" }],
  ),
  machines: orFaulty(
    fc.oneof(
      fc.subarray([...MACHINES, ...FORMATS, "gone"], { minLength: 5 }),
      oneOrMore(fc.subarray([...MACHINES, ...FORMATS, "gone", "amd64"], { maxLength: 2 })),
    ),
    ...[3, "", ["x86_64", 3], { x86_64: true }],
  ),
  linkage: orFaulty(fc.constantFrom("both", "static", "dynamic"), "Static", true, ["both"]),
  sysroot: orFaulty(sysroots, "relative", "~/x", 3, "$A/b", "$", ["/", "usr"], ""),
  required_paths: orFaulty(required, ...FAULTY_REQUIRED),
  dynamic_required_paths: orFaulty(required, ...FAULTY_REQUIRED),
  packages,
  hint: orFaulty(fc.constantFrom("Look there."), "", 3),
  use_muvm: orFaulty(fc.boolean(), "true", 1),
};

export const MUVM: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  path: orFaulty(
    fc.constantFrom("/i/muvm", "/i/muvm", "/i/muvm-b"),
    ...["~/muvm", "muvm", "", ["/i/muvm"]],
  ),
  page_size: orFaulty(fc.constantFrom(4096, 16384, 16384, 65536), 8192, "4096", 4096.5, -4096),
  args: orFaulty(fc.constantFrom(["-i"], [], ["-i", "{machine}"]), "-i", [1]),
  tty_args: orFaulty(fc.constantFrom(["-t"], [], ["-t", "é"]), "-t", [true]),
  forward_env: orFaulty(fc.boolean(), "false", 0),
  never_forward: orFaulty(
    fc.constantFrom([], ["DISPLAY", "XDG_*"], ["DISP", "LANGUAGE"], ["H*", "BINFMT_*"]),
    ...["XDG_*", ["*"], ["A*B"], ["1A"], [""], [3]],
  ),
  linger: orFaulty(fc.constantFrom(0, 300), -1, 86401, 1.5),
  required_paths: orFaulty(
    fc.constantFrom<unknown[]>([], [], ["/r/kvm"], [["/r/b", "/r/kvm"]], ["/r/{debian}"]),
    ...FAULTY_REQUIRED,
  ),
  packages,
};

export const FORMAT: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  extension: orFaulty(fc.constantFrom("jar", "jar", "b", "a-b"), ".jar", "", 3, "tar.gz", "é"),
  magic: orFaulty(
    fc.constantFrom("MZ", "MZ", "MZ", "M", "\\x4d\\x5a", "#!", "\\x7fELF", "\\\\x", "nd", "Z"),
    ...["\\xg0", "\\x1", "é", "", 3, "\\", "a\tb"],
  ),
  mask: orFaulty(
    fc.constantFrom("\\xff\\xff", "\\xff\\xff", "\\xff\\x00", "\\xdf\\xdf", "\\xff"),
    ...["", "\\x", 255, "\\xff\\xff\\xff"],
  ),
  offset: orFaulty(fc.constantFrom(0, 0, 0, 1, 5, 255), -1, 256, 0.5, "0", 254),
  clr: orFaulty(fc.boolean(), "true", 1),
  interpreter: idsOrNone,
};
