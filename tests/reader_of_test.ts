import { assertEquals } from "@std/assert";
import { readerOf } from "../lib/reader_of.ts";
import { FakeEnvironment } from "./fake_environment.ts";

Deno.test("readerOf() reads parts of a file, and nothing of an absent one", () => {
  const environment = new FakeEnvironment({ files: { "/a": "abcd" } });
  const read = readerOf("/a", environment);
  assertEquals([...read(1, 2)], [0x62, 0x63]);
  assertEquals([...read(3, 9)], [0x64]);
  assertEquals(readerOf("/none", environment)(0, 9).length, 0);
});
