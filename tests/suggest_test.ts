import { assertEquals } from "@std/assert";
import { suggest } from "../lib/suggest.ts";

Deno.test("suggest() finds a name with a missing, extra, wrong or swapped letter", () => {
  const known = ["interpreter", "log_level", "required_paths"];
  assertEquals(suggest("interpeter", known), "interpreter");
  assertEquals(suggest("interpreterr", known), "interpreter");
  assertEquals(suggest("log-level", known), "log_level");
  assertEquals(suggest("requierd_paths", known), "required_paths");
  assertEquals(suggest("Log_Level", known), "log_level");
});

Deno.test("suggest() suggests nothing if no name is close", () => {
  assertEquals(suggest("colour", ["interpreter", "path"]), undefined);
  assertEquals(suggest("ab", ["xy", "abcd"]), undefined);
  assertEquals(suggest("", ["abc"]), undefined);
  assertEquals(suggest("x".repeat(100), ["x".repeat(99)]), undefined);
});

Deno.test("suggest() counts two swapped letters as one change and takes the closest name", () => {
  assertEquals(suggest("fxe", ["box64", "fex", "qemu"]), "fex");
  assertEquals(suggest("qemu-x86", ["qemu", "qemu-x87"]), "qemu-x87");
});
