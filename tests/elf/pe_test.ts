import { assertEquals } from "@std/assert";
import { isDotnet } from "../../lib/elf/pe.ts";
import { reader } from "./build_elf.ts";

/** A PE file with `n` data directories, of which the CLR one leads to `clr`. */
function buildPe(plus: boolean, n: number, clr: number, at = 0x80): Uint8Array {
  const bytes = new Uint8Array(at + 24 + (plus ? 112 : 96) + 16 * 8);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x5a]);
  view.setUint32(0x3c, at, true);
  bytes.set([0x50, 0x45, 0, 0], at);
  view.setUint16(at + 24, plus ? 0x20b : 0x10b, true);
  view.setUint32(at + 24 + (plus ? 108 : 92), n, true);
  view.setUint32(at + 24 + (plus ? 112 : 96) + 14 * 8, clr, true);
  return bytes;
}

Deno.test("isDotnet() finds the CLR header in PE32 and PE32+", () => {
  for (const plus of [false, true]) {
    assertEquals(isDotnet(reader(buildPe(plus, 16, 0x2008))), true);
    assertEquals(isDotnet(reader(buildPe(plus, 16, 0x2008, 70_000))), true);
    assertEquals(isDotnet(reader(buildPe(plus, 15, 0x2008))), true);
    assertEquals(isDotnet(reader(buildPe(plus, 14, 0x2008))), false, "no such directory");
    assertEquals(isDotnet(reader(buildPe(plus, 16, 0))), false);
  }
});

Deno.test("isDotnet() says no to what is no PE, and to every truncation", () => {
  const pe = buildPe(true, 16, 0x2008);
  const needed = 0x80 + 24 + 112 + 14 * 8 + 4;
  for (let end = 0; end < needed; end += 1) {
    assertEquals(isDotnet(reader(pe.subarray(0, end))), false, `${end} bytes`);
  }
  assertEquals(isDotnet(reader(pe.subarray(0, needed))), true);
  for (const [at, value] of [[0, 0x4e], [0x81, 0x46], [0x80 + 24, 0x0c], [0x3f, 0xff]] as const) {
    const copy = pe.slice();
    copy[at] = value;
    assertEquals(isDotnet(reader(copy)), false, `byte ${at}`);
  }
});
