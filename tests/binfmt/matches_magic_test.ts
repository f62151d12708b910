import { assertEquals } from "@std/assert";
import { matchesMagic } from "../../lib/binfmt/matches_magic.ts";

const bytes = (...all: number[]) => new Uint8Array(all);

Deno.test("matchesMagic() compares the bits of the mask, from the offset on", () => {
  const magic = { magic: bytes(0x4d, 0x5f), mask: bytes(0xff, 0xf0), offset: 1 };
  assertEquals(matchesMagic(magic, bytes(0, 0x4d, 0x52)), true);
  assertEquals(matchesMagic(magic, bytes(0, 0x4d, 0x62)), false);
  assertEquals(matchesMagic(magic, bytes(0x4d, 0x52)), false);
});

Deno.test("matchesMagic() matches bytes beyond the end only if the mask ignores them", () => {
  const magic = bytes(0x4d, 0);
  assertEquals(matchesMagic({ magic, mask: bytes(0xff, 0), offset: 0 }, bytes(0x4d)), true);
  assertEquals(matchesMagic({ magic, mask: bytes(0xff, 1), offset: 0 }, bytes(0x4d)), false);
});
