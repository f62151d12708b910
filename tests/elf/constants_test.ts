import { assertEquals } from "@std/assert";
import { EF_MIPS_ABI2, EM, ET, PT_INTERP } from "../../lib/elf/constants.ts";

Deno.test("the constants have elf.h's numbers where this host has elf.h", async () => {
  let header = "";
  try {
    header = await Deno.readTextFile("/usr/include/elf.h");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return; // libc6-dev is not asked for by anything else.
  }
  // Not there under these names: EM_486 is now EM_IAMCU, EM_MICROBLAZE_OLD is binutils'.
  const other = new Set(["486", "MICROBLAZE_OLD"]);
  const wanted: (readonly [string, number])[] = [
    ...Object.entries(EM).filter(([name]) => !other.has(name)).map(([k, v]) =>
      [`EM_${k}`, v] as const
    ),
    ...Object.entries(ET).map(([k, v]) => [`ET_${k}`, v] as const),
    ["PT_INTERP", PT_INTERP],
    ["EF_MIPS_ABI2", EF_MIPS_ABI2],
  ];
  for (const [name, value] of wanted) {
    const found = new RegExp(`^#define\\s+${name}\\s+(\\w+)`, "m").exec(header);
    assertEquals(Number(found?.[1]), value, name);
  }
});
