import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { littleEndian } from "../../lib/native/little_endian.ts";

Deno.test("littleEndian() gives the low byte first", () => {
  assertEquals(littleEndian(2, 0x1234, 1), [0x34, 0x12, 1, 0]);
  assertEquals(littleEndian(8, 0x1_2345_6789), [0x89, 0x67, 0x45, 0x23, 1, 0, 0, 0]);
});

Deno.test("littleEndian() gives what a DataView gives", () => {
  const min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER;
  fc.assert(
    fc.property(fc.integer({ min, max }), (value) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigInt64(0, BigInt(value), true);
      assertEquals(littleEndian(8, value), [...new Uint8Array(view.buffer)]);
      view.setInt32(0, value, true);
      assertEquals(littleEndian(4, value), [...new Uint8Array(view.buffer, 0, 4)]);
    }),
    { seed: 20261122 },
  );
});
