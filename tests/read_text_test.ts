import { assertEquals } from "@std/assert";
import { readText } from "../lib/read_text.ts";
import { FakeEnvironment } from "./fake_environment.ts";

Deno.test("readText() gives a file's text, or undefined if it cannot be read", () => {
  const content = Uint8Array.of(0x61, 0xff, 0x62);
  const environment = new FakeEnvironment({ files: { "/a": { content }, "/empty": "" } });
  const texts = ["/a", "/empty", "/none"].map((path) => readText(path, environment));
  assertEquals(texts, ["a\ufffdb", "", undefined]);
});
