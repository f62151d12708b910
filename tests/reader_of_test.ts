import { assertEquals } from "@std/assert";
import { HEAD_LIMIT } from "../lib/elf/header.ts";
import { readerOf } from "../lib/reader_of.ts";
import { FakeEnvironment } from "./fake_environment.ts";

Deno.test("readerOf() reads parts of a file, and nothing of an absent one", () => {
  const environment = new FakeEnvironment({ files: { "/a": "abcd" } });
  const read = readerOf("/a", environment);
  assertEquals([...read(1, 2)], [0x62, 0x63]);
  assertEquals([...read(3, 9)], [0x64]);
  assertEquals(readerOf("/none", environment)(0, 9).length, 0);
});

Deno.test("readerOf() reads from the file only what its head does not have", () => {
  const asked: number[] = [];
  const environment = {
    read: (_: string, offset: number) => {
      asked.push(offset);
      return new Uint8Array([9]);
    },
  };
  const read = readerOf("/p", environment, new Uint8Array([1, 2, 3]));
  assertEquals(read(1, 10), new Uint8Array([2, 3]));
  assertEquals(read(5, 1), new Uint8Array());
  assertEquals(asked, []);
  assertEquals(read(HEAD_LIMIT - 1, 2), new Uint8Array([9]));
  assertEquals(asked, [HEAD_LIMIT - 1]);
});
