import { assertEquals } from "@std/assert";
import * as file from "../../../lib/handler/system/file.ts";
import { SOURCE } from "../../../lib/routes/format.ts";
import { bytesOf, S_IFDIR, World, type WorldFile } from "./world.ts";

const SECOND = 1_000_000_000n;

const FILES = {
  plain: {},
  "another device": { major: 0xfff, minor: 0xfffff },
  "a low minor number": { major: 253, minor: 255 },
  "a large inode": { ino: 0xfedc_ba98_7654_3210n },
  "the last second that fits 32 bits": { mtime: 4_294_967_295_999_999_999n },
  "before 1970": { ctime: -1n, mtime: -62_135_596_800_000_000_000n },
  "the last second that fits 64 bits": { ctime: 2n ** 64n - 1n, mtime: 2n ** 63n },
  "root's directory": { mode: S_IFDIR | 0o755, uid: 0 },
} as const;

/** A file's identity, laid out as in SOURCE behind `exists`. */
function expected({ major, minor, ino, content, mtime, ctime }: WorldFile): Uint8Array {
  const bytes = new Uint8Array(SOURCE.end);
  const view = new DataView(bytes.buffer);
  view.setUint32(SOURCE.dev_major, major, true);
  view.setUint32(SOURCE.dev_minor, minor, true);
  view.setBigUint64(SOURCE.ino, ino, true);
  view.setBigUint64(SOURCE.size, BigInt(content.length), true);
  for (const [time, at] of [[mtime, SOURCE.mtime], [ctime, SOURCE.ctime]] as const) {
    const nanoseconds = (time % SECOND + SECOND) % SECOND;
    view.setBigInt64(at, (time - nanoseconds) / SECOND, true);
    view.setUint32(at + 8, Number(nanoseconds), true);
  }
  return bytes.subarray(SOURCE.dev_major);
}

for (const [name, more] of Object.entries(FILES)) {
  Deno.test(`statx and newfstatat describe a file alike: ${name}`, () => {
    const world = new World();
    const made = world.write("/x", "abc", more);
    for (const call of ["statx", "newfstatat"]) {
      if (call === "newfstatat") world.unknown.add("statx");
      world.calls = [];
      assertEquals(file.look(bytesOf("/x")), true);
      assertEquals(world.calls, [`${call} /x`]);
      assertEquals(file.identity, expected(made));
      const { error, mode, uid, size } = file;
      assertEquals({ error, mode, uid, size }, {
        error: 0,
        mode: made.mode,
        uid: made.uid,
        size: 3,
      });
    }
  });
}

Deno.test("a missing file is an error", () => {
  new World();
  assertEquals([file.look(bytesOf("/x")), file.error], [false, -2]);
});
