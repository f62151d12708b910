import { assertEquals } from "@std/assert";
import * as constants from "../../lib/elf/constants.ts";

Deno.test("the constants have elf.h's numbers where this host has elf.h", async () => {
  let header = "";
  try {
    header = await Deno.readTextFile("/usr/include/elf.h");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return; // libc6-dev is not asked for by anything else.
  }
  // elf.h has EM_486 as EM_IAMCU, and EM_MICROBLAZE_OLD is binutils'.
  const others = ["EM_486", "EM_MICROBLAZE_OLD"];
  const numbers = Object.entries(constants)
    .filter(([name, value]) => typeof value === "number" && !others.includes(name));
  const types = Object.entries(constants.ET).map(([name, value]) => [`ET_${name}`, value] as const);
  const wanted = [...numbers, ...types];
  for (const [name, value] of wanted) {
    const found = new RegExp(`^#define\\s+${name}\\s+(\\w+)`, "m").exec(header);
    assertEquals(Number(found?.[1]), value, name);
  }
});
