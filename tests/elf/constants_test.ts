import { assertEquals } from "@std/assert";
import * as constants from "../../lib/elf/constants.ts";
import { test } from "../abilities.ts";

// elf.h has EM_486 as EM_IAMCU, and EM_MICROBLAZE_OLD is binutils'.
const OTHERS = ["EM_486", "EM_MICROBLAZE_OLD"];

test({
  name: "the constants have elf.h's numbers",
  needs: ["gcc"],
  async fn() {
    const header = await Deno.readTextFile("/usr/include/elf.h");
    const types = Object.entries(constants.ET).map(([name, value]) =>
      [`ET_${name}`, value] as const
    );
    for (const [name, value] of [...Object.entries(constants), ...types]) {
      if (typeof value !== "number" || OTHERS.includes(name)) continue;
      const found = new RegExp(`^#define\\s+${name}\\s+(\\w+)`, "m").exec(header);
      assertEquals(Number(found?.[1]), value, name);
    }
  },
});
