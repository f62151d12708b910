import { assert, assertEquals } from "@std/assert";
import { MACHINES, NATIVE } from "../../lib/elf/machines.ts";
import { test } from "../abilities.ts";
import { machine } from "./build_elf.ts";

const strings = (name: string, nth = 0) => {
  const { magic, mask } = machine(name).magics[nth]!;
  return [magic.toHex(), mask.toHex()];
};

Deno.test("MACHINES has every target of qemu-binfmt-conf.sh", () => {
  const targets = "i386 x86_64 arm armeb aarch64 aarch64_be alpha sparc sparc32plus sparc64 " +
    "ppc ppc64 ppc64le m68k mips mipsel mipsn32 mipsn32el mips64 mips64el sh4 sh4eb s390x " +
    "hppa riscv32 riscv64 xtensa xtensaeb " +
    "microblaze microblazeel or1k hexagon loongarch64";
  assertEquals(MACHINES.map((machine) => machine.name).toSorted(), targets.split(" ").toSorted());
});

Deno.test("MACHINES has qemu's magics and masks, without x86's bytes 7 to 10", () => {
  const x86 = "fffffffffffefe00000000fffffffffffeffffff";
  const usual = "ffffffffffffff00fffffffffffffffffeffffff";
  assertEquals(strings("x86_64"), ["7f454c4602010100000000000000000002003e00", x86]);
  assertEquals(strings("i386"), ["7f454c4601010100000000000000000002000300", x86]);
  assertEquals(strings("i386", 1), ["7f454c4601010100000000000000000002000600", x86]);
  assertEquals(strings("riscv64"), ["7f454c460201010000000000000000000200f300", usual]);
  assertEquals(strings("s390x"), [
    "7f454c4602020100000000000000000000020016",
    "ffffffffffffff00fffffffffffffffffffeffff",
  ]);
  assertEquals(strings("loongarch64"), [
    "7f454c4602010100000000000000000002000201",
    "fffffffffffffffc00fffffffffffffffeffffff",
  ]);
  assertEquals(strings("mipsn32"), [
    "7f454c46010201000000000000000000" + "00020008" + "00".repeat(16) + "00000020",
    "ffffffffffffff00feffffffffffffff" + "fffeffff" + "00".repeat(16) + "00000020",
  ]);
  assertEquals(strings("mipsel"), [
    "7f454c46010101000000000000000000" + "02000800" + "00".repeat(16) + "00000000",
    "ffffffffffffff00feffffffffffffff" + "feffffff" + "00".repeat(16) + "20000000",
  ]);
});

test({
  name: "MACHINES has the class, byte order and e_machine that Debian's qemu registers",
  needs: ["qemu-user-static"],
  fn() {
    let seen = 0;
    for (const { name, data, e_machine, ...machine } of MACHINES) {
      let line;
      try {
        line = Deno.readTextFileSync(`/usr/lib/binfmt.d/qemu-${name}.conf`);
      } catch {
        continue; // not every Debian registers every machine
      }
      const header = [...line.split(":")[4]!.matchAll(/\\x(..)|(.)/g)]
        .map(([, hex, letter]) => hex ? parseInt(hex, 16) : letter!.charCodeAt(0));
      const [low = 0, high = 0] = data === 1 ? header.slice(18) : header.slice(18, 20).reverse();
      assertEquals([header[4], header[5]], [machine.class, data], name);
      assert(e_machine.includes(low | high << 8), name);
      seen++;
    }
    assert(seen > 20, `${seen}`);
  },
});

Deno.test("MACHINES has unique names and entries, and no two magics match the same header", () => {
  const all = MACHINES.flatMap((machine) => machine.magics);
  for (const { magic, mask } of all) assertEquals(magic.length, mask.length);
  assertEquals(new Set(all.map(({ entry }) => entry)).size, all.length);
  assertEquals(new Set(MACHINES.map(({ name }) => name)).size, MACHINES.length);
  for (const [i, one] of all.entries()) {
    for (const other of all.slice(i + 1)) {
      const apart = one.magic.some((byte, k) =>
        ((byte ^ (other.magic[k] ?? 0)) & (one.mask[k] ?? 0) & (other.mask[k] ?? 0)) !== 0
      );
      assert(apart, `${one.entry} and ${other.entry}`);
    }
  }
});

Deno.test("NATIVE names machines of the table", () => {
  for (const names of Object.values(NATIVE)) {
    for (const name of names) assert(MACHINES.some((machine) => machine.name === name), name);
  }
});
