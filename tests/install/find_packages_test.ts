import { assertEquals } from "@std/assert";
import { APT } from "../../lib/install/managers/apt.ts";
import type { CommandLine } from "../../lib/install/command_line.ts";
import { DNF } from "../../lib/install/managers/dnf.ts";
import type { FoundManager } from "../../lib/install/managers/find_manager.ts";
import { findPackages } from "../../lib/install/find_packages.ts";
import type { Lacking } from "../../lib/install/lacking.ts";

const apt: FoundManager = { manager: APT, program: "/usr/bin/apt-get" };
const dnf: FoundManager = { manager: DNF, program: "/usr/bin/dnf" };

const LACKING: Lacking = {
  need: { interpreter: "emu", target: "x86_64", library: "glibc" },
  name: "Emu",
  throughMuvm: false,
  groups: [["/usr/bin/emu"], ["/usr/share/emu/a", "~/emu"]],
  loader: false,
};

/** A manager's answers, and the command lines that asked for them. */
class Known {
  readonly asked: CommandLine[] = [];

  constructor(readonly answers: readonly (string | undefined)[]) {}

  readonly ask = (command: CommandLine): Promise<string | undefined> =>
    Promise.resolve(this.answers[this.asked.push(command) - 1]);
}

function find(
  answers: readonly (string | undefined)[],
  packages: readonly string[],
  optional: readonly string[] = [],
  { manager = apt, lacking = LACKING }: { manager?: FoundManager; lacking?: Lacking } = {},
) {
  const known = new Known(answers);
  return findPackages(lacking, { packages, optional }, manager, known.ask).then((found) => (
    { names: found?.map(({ name, size }) => `${name} ${size}`), asked: known.asked }
  ));
}

const record = (name: string, size: number) => `Package: ${name}\nSize: ${size}\n\n`;

Deno.test("findPackages() returns available packages with sizes, and optional ones", async () => {
  const both = record("emu", 5) + record("more", 7);
  assertEquals((await find([both], ["emu"], ["more", "none"])).names, ["emu 5", "more 7"]);
});

Deno.test("findPackages() returns nothing if a required package is unavailable", async () => {
  assertEquals((await find([record("emu", 5)], ["emu", "rootfs"])).names, undefined);
  assertEquals((await find([""], ["emu"])).names, undefined);
});

Deno.test("findPackages() asks again if the first answer is incomplete", async () => {
  const found = await find(
    ["found emu 5\n", "found emu 5\nfound rootfs 6\n"],
    ["emu", "rootfs"],
    [],
    {
      manager: dnf,
    },
  );
  assertEquals(found.names, ["emu 5", "rootfs 6"]);
  assertEquals(found.asked.length, 2);
});

Deno.test("findPackages() trusts names that it cannot look up", async () => {
  const manager = { ...dnf, manager: { ...DNF, queries: () => [] } };
  assertEquals((await find([], ["emu"], ["more"], { manager })).names, ["emu undefined"]);
  // rpm-ostree is queried through dnf5, which older images lack.
  assertEquals((await find([undefined, undefined], ["emu"], [], { manager: dnf })).names, [
    "emu undefined",
  ]);
});

Deno.test("findPackages() returns nothing if the C library is unavailable", async () => {
  const lacking = { ...LACKING, loader: true, groups: [] };
  assertEquals((await find([record("emu", 5)], ["emu"], ["libc"], { lacking })).names, undefined);
  const both = record("emu", 5) + record("libc", 6);
  assertEquals((await find([both], ["emu"], ["libc"], { lacking })).names, ["emu 5", "libc 6"]);
});

Deno.test("findPackages() looks for files if no package is named", async () => {
  const answers = ["found emu\n", "found emu-data\n", "found emu 1\nfound emu-data 2\n"];
  const { names, asked } = await find(answers, [], [], { manager: dnf });
  assertEquals(names, ["emu 1", "emu-data 2"]);
  assertEquals(asked.map(({ args }) => args.at(-1)), [
    "--file=/usr/bin/emu",
    "--file=/usr/share/emu/a",
    "emu-data",
  ]);
  // Packages have no files below a home. apt cannot look for files.
  const home = { ...LACKING, groups: [["~/emu", "/home/u/emu"]] };
  assertEquals((await find([], [], [], { manager: dnf, lacking: home })).names, undefined);
  assertEquals((await find([], [])).names, undefined);
});

Deno.test("findPackages() passes only package names to a manager", async () => {
  for (const name of ["--root", "emu-", "./emu.deb", "emu.rpm"]) {
    const { names, asked } = await find([record("emu", 5)], [name]);
    assertEquals([names, asked], [undefined, []]);
  }
});
