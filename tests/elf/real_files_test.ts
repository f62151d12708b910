import { assert, assertEquals } from "@std/assert";
import { type ElfHeader, readElf } from "../../lib/elf/header.ts";
import { matchesMagic } from "../../lib/binfmt/matches_magic.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { outputOf } from "../output_of.ts";
import { reader } from "./build_elf.ts";

/** Debian's C libraries for cross compilers, and the machines that they are for. */
const LIBRARIES: Readonly<Record<string, string | undefined>> = {
  "libc6-amd64-cross": "x86_64",
  "libc6-i386-cross": "i386",
  "libc6-x32-cross": undefined, // class 1 with EM_X86_64, which nobody registers
  "libc6-arm64-cross": "aarch64",
  "libc6-armhf-cross": "arm",
  "libc6-ppc64el-cross": "ppc64le",
  "libc6-ppc64-cross": "ppc64",
  "libc6-powerpc-cross": "ppc",
  "libc6-riscv64-cross": "riscv64",
  "libc6-s390x-cross": "s390x",
  "libc6-sparc64-cross": "sparc64",
  "libc6-mips-cross": "mips",
  "libc6-mipsel-cross": "mipsel",
  "libc6-mips64el-cross": "mips64el",
  "libc6-mipsn32-cross": "mipsn32",
  "libc6-mipsn32el-cross": "mipsn32el",
  "libc6-hppa-cross": "hppa",
  "libc6-m68k-cross": "m68k",
  "libc6-sh4-cross": "sh4",
  "libc6.1-alpha-cross": "alpha",
};

function find(directory: string, name: RegExp): string[] {
  return [...Deno.readDirSync(directory)].flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) return find(path, name);
    return entry.isFile && name.test(entry.name) ? [path] : [];
  });
}

/** What GNU readelf says of a file. */
async function readelf(path: string) {
  const text = await outputOf(["readelf", "-hlW", path], { env: { LC_ALL: "C" } });
  return {
    interp: /program interpreter: (.*)\]/.exec(text)?.[1],
    osabi: /OS\/ABI:\s+(.*)/.exec(text)?.[1] ?? "",
  };
}

function header(path: string): ElfHeader {
  const read = reader(Deno.readFileSync(path));
  const result = readElf(read);
  assert(!("error" in result), `${path}: ${JSON.stringify(result)}`);
  assert(read.total < 64 * 1024);
  return result;
}

/** Machines whose magic matches the file. */
function matching(path: string): string[] {
  const bytes = Deno.readFileSync(path).subarray(0, 256);
  return MACHINES.filter(({ magics }) =>
    magics.some((magic) => matchesMagic({ ...magic, offset: 0 }, bytes))
  ).map(({ name }) => name);
}

test({
  name: "readElf() and the magics recognise the machines of real C libraries and loaders",
  needs: ["apt", "binutils"],
  fn: async () => {
    let dynamic = 0;
    for (const [name, machine] of Object.entries(LIBRARIES)) {
      const directory = await fetchPackage(name, "all");
      const files = find(directory, /^(?:ld.*\.so\.\d+|libc\.so\.6.*|libm\.so\.6.*)$/);
      assert(files.length > 0, name);
      for (const path of files) {
        const found = header(path);
        assertEquals(found.machine?.name, machine, path);
        assertEquals(matching(path), machine === undefined ? [] : [machine], path);
        const { interp, osabi } = await readelf(path);
        assertEquals(found.interp && new TextDecoder().decode(found.interp), interp, path);
        assertEquals(found.linkage, interp === undefined ? "static" : "dynamic", path);
        assertEquals(found.EI_OSABI === 3, osabi.includes("GNU"), path);
        if (interp !== undefined) dynamic += 1;
      }
    }
    assert(dynamic >= 10, `${dynamic} dynamic programs`);
  },
});

test({
  name: "readElf() tells static from dynamic programs of other architectures",
  needs: ["apt", "binutils"],
  fn: async () => {
    for (const [arch, machine] of [["s390x", "s390x"], ["arm64", "aarch64"], ["i386", "i386"]]) {
      const fixed = header(`${await fetchPackage("busybox-static", arch!)}/bin/busybox`);
      assertEquals([fixed.machine?.name, fixed.linkage], [machine, "static"]);
      const path = `${await fetchPackage("hostname", arch!)}/bin/hostname`;
      const dynamic = header(path);
      assertEquals([dynamic.machine?.name, dynamic.linkage], [machine, "dynamic"]);
      assertEquals(new TextDecoder().decode(dynamic.interp), (await readelf(path)).interp);
    }
  },
});

test({
  name: "the magics match everything that Debian's entries for qemu match",
  needs: ["apt"],
  fn: async () => {
    const directory = `${await fetchPackage("qemu-user-binfmt", "amd64")}/usr/lib/binfmt.d`;
    const bytes = (text: string) =>
      Uint8Array.from(
        text.match(/\\x[0-9a-f]{2}|./g)!,
        (one) => one.length > 1 ? parseInt(one.slice(2), 16) : one.charCodeAt(0),
      );
    let seen = 0;
    for (const { name } of Deno.readDirSync(directory)) {
      const [, entry = "", , , magic = "", mask = ""] = Deno.readTextFileSync(
        `${directory}/${name}`,
      )
        .split(":");
      if (entry === "qemu-cris") continue; // qemu itself has dropped it
      const machine = MACHINES.find(({ name }) => `qemu-${name}` === entry);
      assert(machine !== undefined, entry);
      const [theirs, theirMask] = [bytes(magic), bytes(mask)];
      const fits = machine.magics.some((own) =>
        own.magic.every((byte, i) => {
          const looked = own.mask[i]!;
          // Each bit that counts here counts there, with the same value.
          return (looked & ~(theirMask[i] ?? 0)) === 0 &&
            ((byte ^ (theirs[i] ?? 0)) & looked) === 0;
        })
      );
      // ppc64le: qemu's mask ignores half of e_machine.
      assert(fits || entry === "qemu-ppc64le", entry);
      seen += 1;
    }
    assert(seen >= 25, `${seen} registrations`);
  },
});
