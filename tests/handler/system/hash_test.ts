import { assertEquals } from "@std/assert";
import { hash } from "../../../lib/handler/system/hash.ts";
import { bytesOf, textOf } from "./world.ts";

/** http://www.isthe.com/chongo/tech/comp/fnv/#FNV-1a */
function fnv1a(bytes: Uint8Array): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of bytes) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  return value.toString(16).padStart(16, "0");
}

Deno.test("hash() is FNV-1a of 64 bits", () => {
  // Two of the authors' test vectors.
  assertEquals(textOf(hash(bytesOf(""))), "cbf29ce484222325");
  assertEquals(textOf(hash(bytesOf("foobar"))), "85944171f73967e8");
  let seed = 1;
  for (let n = 0; n < 300; n++) {
    const bytes = Uint8Array.from({ length: n }, () => {
      seed = Math.imul(seed, 48271) >>> 0;
      return seed >>> 13;
    });
    assertEquals(textOf(hash(bytes)), fnv1a(bytes), bytes.toString());
  }
});
