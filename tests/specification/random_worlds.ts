/** Random starts of programs, which random layers affect. */
import fc from "fast-check";
import { HANDLER } from "../../lib/paths.ts";
import { buildElf } from "../elf/build_elf.ts";
import { buildPe } from "../routes/build_pe.ts";
import { byteText, toBytes } from "../routes/byte_text.ts";
import { INTERPRETERS, LINKS, MACHINES, NAMES } from "./random_values.ts";
import type { Built, World } from "./world.ts";

/** Values of HOME, and where each leads. */
const HOMES: Readonly<Record<string, string | undefined>> = {
  "/a": "/a",
  "/a/b": "/a/b",
  "/link": "/a",
  "/a/": "/a",
  "/": "/",
  "/gone": undefined,
  "a": undefined,
  "": undefined,
};

/** Directories that other users may be able to write. */
const SHARED = ["/a", "/a/b", "/data", "/xdg", "/root"];

/** All files that layers may name. */
const FILES = [
  ...INTERPRETERS.flatMap((id) => [
    ...[`/i/${id}`, `/run/${id}`, `/a/i/${id}`, `/a/b/i/${id}`, `/link/i/${id}`],
    ...["x86_64", "i386", "hexagon", "amd64", "jar", "windows"].map((name) => `/i/${id}-${name}`),
    ...["x86_64-linux-gnu", "hexagon-linux-musl"].map((name) => `/i/${id}-${name}`),
  ]),
  ...["x86_64", "i386-static", "i386", "amd64", "hexagon", "jar"].map((name) => `/i/qemu-${name}`),
  ...["/i/FEXInterpreter", "/i/FEX", "/i/{program}", "/i/muvm", "/i/muvm-b", "/usr/bin/muvm"],
  ...["/r/a", "/r/b", "/r/amd64", "/r/x86_64", "/r/hexagon", "/r/jar", "/r/kvm"],
  ...["/a/r", "/a/b/r", "/link/r", "/a/b/.local/share/r", "/a/.local/share/r", "/data/r"],
  ...["/link/.local/share/r", "/root/r", "/ld.so", "/lib/ld.so", "/usr/x86_64/ld.so", "/relative"],
  ...["/usr/x86_64-linux-gnu/ld.so", "/usr/x86_64-linux-gnu/lib/ld.so"],
  ...["/usr/x86_64-linux-musl/ld.so"],
  ...["/usr/i686-linux-gnu/ld.so", "/usr/amd64/ld.so", "/{program}/lib/ld.so"],
];

/** Variables, also invalid names, entries without “=”, and bytes that are not UTF-8. */
const FURTHER = [
  ...["LANG=C", "DISPLAY=:0", "BOX_ARG0=old", "BOX_ARG0=", "NEW=é", "XDG_SESSION=1", "LANGUAGE"],
  ...["not-a-name=1", "=x", "", "1A=1", "_=_", "A=\udcff", "\udcfe=1", "DISP=1=2", "A==", "é=1"],
  ...["ROOT=", "ROOT=/usr/x86_64", "ROOT=usr/amd64", "ROOT=/", "ROOT", "ROOTS=/"],
  ...["PATH=/b", "PATH=\udcff", "LC_X=EOM", "LANG=EO", "E=EOM", "EOM=1"],
  ...["QEMU_X=1", "QEMU=1", "BOX64_=2", "XBOX86_A=1", "HOME=/gone", "XDG_RUNTIME_DIR=/b", "D=1"],
].map(byteText);
const ARGUMENTS = [
  ...["x", "", "é y", "-e", "--", "{program}", "a b", "'", "*", "$(x)", "\n"],
  ...["x", "y", "z", "x", "y", "z", "\udcff", "a\udc80b", "-h", "--help", "=", "=-h", "-h="],
  ...["--helper", "EOM", "aEOM\udcff", "EO", "%2D", "-%"],
].map(byteText);

const or = <T>(...values: readonly T[]) => fc.constantFrom<T | undefined>(...values);

const env = fc.record({
  HOME: or(undefined, "/a", "/a", ...Object.keys(HOMES)),
  XDG_DATA_HOME: or(undefined, undefined, "/data", "data", ""),
  XDG_CONFIG_HOME: or(undefined, undefined, "/xdg", "xdg", ""),
  XDG_RUNTIME_DIR: or(...Array<string>(5).fill("/run/user/1"), "/", "/", undefined, "", "user/1"),
  BINFMT_DISPATCHER_INTERPRETER: or(
    ...[...INTERPRETERS, ...INTERPRETERS, "é", ""],
    ...Array<undefined>(6 * INTERPRETERS.length).fill(undefined),
  ),
  further: fc.array(fc.constantFrom(...FURTHER), { maxLength: 6 }),
  late: fc.boolean(),
}).map(({ further, late, ...known }) => {
  const set = Object.entries(known).filter(([, value]) => value !== undefined)
    .map(([name, value]) => byteText(`${name}=${value}`));
  return late ? [...further, ...set] : [...set, ...further];
});

/** The program's file. */
interface Image {
  readonly file: Uint8Array;
  readonly built: Built;
}

const NOTHING: Built = { machine: undefined, loader: undefined, damaged: false, clr: false };
const LOADERS = [undefined, undefined, "/ld.so", "/lib/ld.so", "relative"];

const images: readonly Image[] = [
  ...["x86_64", "x86_64", "x86_64", "i386", "i386", ...MACHINES].flatMap((machine) =>
    LOADERS.map((loader) => ({
      file: buildElf(loader === undefined ? { machine } : { machine, interp: loader }),
      built: { ...NOTHING, machine, loader },
    }))
  ),
  ...[{ interp: new Uint8Array(1) }, { interp: "/ld.so", filesz: 5000 }].map((shape) => ({
    file: buildElf({ machine: "i386", ...shape }),
    built: { ...NOTHING, machine: "i386", loader: "/ld.so", damaged: true },
  })),
  ...[
    ...["#!/i/box", "#! \t/i/fex -a  b \t\n/i/box", "#!\n/i/box"],
    ...["MZ", "ndMZ", "mz", "Mnd", "Mnd", "\\x", "xMZ\u0000", "", `${" ".repeat(255)}MZ`],
  ].map((head) => ({ file: toBytes(head), built: NOTHING })),
  ...[false, false, true, true, true].map((clr) => ({
    file: buildPe(clr),
    built: { ...NOTHING, clr },
  })),
  { file: unknownElf(), built: NOTHING },
];

/** An ELF file of a machine without a name. */
function unknownElf(): Uint8Array {
  const file = buildElf({ machine: "x86_64" });
  file.set([0x42, 0x42], 18);
  return file;
}

const links = LINKS.map((all) =>
  new Map(Object.entries(all).map(([path, target]) => [byteText(path), byteText(target)]))
);

/** Parts of programs' paths, some of which are not UTF-8. */
const name = fc.constantFrom(...[...NAMES, ...NAMES, ...NAMES, "a\udcff", "a.c.jar"].map(byteText));
const relativePath = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));

const some = (most: number) =>
  fc.array(fc.constantFrom(...FILES), { maxLength: most, size: "max" });

const rarely = fc.oneof(
  { weight: 3, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: some(100) },
);
/** Interpreters that can be directories: their paths lead through no link. */
const INTERPRETER = /^\/(a\/|a\/b\/|run\/)?i\/(?!muvm)/;

/** A world whose files can be counted. */
export interface RandomWorld extends World {
  readonly present: ReadonlySet<string>;
  readonly directories: ReadonlySet<string>;
  readonly foreign: ReadonlySet<string>;
  readonly unexecutable: ReadonlySet<string>;
}

export const world: fc.Arbitrary<RandomWorld> = fc.record({
  program: fc.oneof(
    ...["/", "", "/run/", "~/"].map((start) => relativePath.map((path) => `${start}${path}`)),
  ),
  argv0: fc.constantFrom(...["prog", "", "-é", "prog", "", "-é", "prog", "\udcc3"].map(byteText)),
  args: fc.array(fc.constantFrom(...ARGUMENTS), { maxLength: 4 }),
  canonical: fc.oneof(
    ...["/", "/a/", "/a/b/", "/run/"].map((start) => relativePath.map((path) => `${start}${path}`)),
    fc.constantFrom("/i/box", "/i/fex", "/a/i/box"),
  ),
  image: fc.constantFrom(...images),
  cwd: fc.constantFrom(
    ...["", "/run/user/1", "/run", "/running", "/home/u", "/a", "/", "/a", "/home/u", "/"],
    byteText("/run/\udcff"),
  ),
  env,
  links: fc.constantFrom(...links),
  page_size: fc.constantFrom(4096, 16384),
  terminal: fc.boolean(),
  euid: fc.constantFrom(...Array<number>(9).fill(1000), 0),
  secure: fc.constantFrom(...Array<boolean>(15).fill(false), true),
  present: fc.oneof(
    { weight: 1, arbitrary: some(50) },
    {
      weight: 4,
      arbitrary: some(20).map((absent) => FILES.filter((file) => !absent.includes(file))),
    },
  ).map((files) => new Set(files)),
  directories: rarely,
  foreign: rarely,
  unexecutable: fc.oneof(
    { weight: 7, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: some(60) },
  ),
  shared: fc.oneof(
    { weight: 4, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.subarray(SHARED) },
  ),
}).map(({ image, directories, foreign, unexecutable, shared, ...world }) => {
  const isDirectory = (file: string) => directories.includes(file) && INTERPRETER.test(file);
  const filesOf = (some: readonly string[]) =>
    new Set(some.filter((file) => world.present.has(file) && !isDirectory(file)));
  return {
    ...world,
    ...image,
    host: "x86_64",
    by_hand: false,
    handler: HANDLER,
    umask: "022",
    input: "open",
    home: homeOf(world.env),
    shared: new Set(shared),
    directories: new Set([...world.present].filter(isDirectory)),
    foreign: filesOf(foreign),
    unexecutable: filesOf(unexecutable),
  };
});

/** The directory to which $HOME leads. */
export function homeOf(env: readonly string[]): string | undefined {
  const set = env.find((entry) => entry.startsWith("HOME="));
  return set === undefined ? undefined : HOMES[set.slice("HOME=".length)];
}
