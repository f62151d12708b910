import { assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import { keyName } from "../../lib/config/key_name.ts";

Deno.test("keyName() joins bare keys with dots and puts indexes in brackets", () => {
  assertEquals(keyName([]), "");
  assertEquals(
    keyName(["interpreters", "qemu-static", "path", 0]),
    "interpreters.qemu-static.path[0]",
  );
});

Deno.test("keyName() quotes as TOML does", () => {
  const path = ["binaries", 'a.b "c"\\é\n', "path"];
  assertEquals(parse(`${keyName(path)} = 1`), { binaries: { [path[1]!]: { path: 1 } } });
});
