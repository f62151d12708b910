import { assertEquals } from "@std/assert";
import { C_LIBRARIES } from "../../lib/elf/c_library.ts";
import { needText, parseNeed } from "../../lib/install/need.ts";

Deno.test("parseNeed() reads what needText() writes, whatever the ID", () => {
  for (const interpreter of ["fex", "a@b", "@", "ä ö", "-x"]) {
    for (const library of C_LIBRARIES) {
      const need = { interpreter, target: "x86_64", library };
      assertEquals(parseNeed(needText(need)), need);
    }
  }
});

Deno.test("parseNeed() rejects a text without an ID or a target", () => {
  for (const text of ["", "fex", "@x86_64", "fex@", "@"]) assertEquals(parseNeed(text), undefined);
});
