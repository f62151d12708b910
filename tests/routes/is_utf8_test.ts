import { assertEquals } from "@std/assert";
import { isUtf8 } from "../../lib/routes/is_utf8.ts";

const hex = (text: string) => isUtf8(Uint8Array.fromHex(text));

Deno.test("isUtf8() takes letters of all lengths, and a byte order mark", () => {
  assertEquals(["", "61", "c3a9", "e282ac", "f09f9880", "f48fbfbf", "efbbbf"].map(hex), [
    ...Array(7).fill(true),
  ]);
});

Deno.test("isUtf8() takes no stray, overlong or cut letter, no surrogate, nothing too high", () => {
  const wrong = ["ff", "80", "c3", "c0af", "e080af", "f0808080", "eda080", "f4908080", "61e282"];
  assertEquals(wrong.filter(hex), []);
});
