import { assertEquals, assertThrows } from "@std/assert";
import {
  isGroup,
  isPlainPath,
  packageArguments,
} from "../../../lib/install/managers/package_name.ts";

Deno.test("packageArguments() passes on names, and throws for anything else", () => {
  assertEquals(packageArguments(["a", "b"]), ["a", "b"]);
  assertThrows(() => packageArguments([]), Error, "there are none");
  assertThrows(() => packageArguments(["a", "--root"]), Error, "“--root”");
});

Deno.test("isGroup() knows dnf's groups", () => {
  assertEquals(["@x86-emulation", "x86"].map(isGroup), [true, false]);
});

Deno.test("isPlainPath() takes absolute paths without patterns and commas", () => {
  const plain = ["/lib64/ld-linux-x86-64.so.2", "/usr/lib/ld-musl_x+.so"];
  assertEquals(plain.map(isPlainPath), [true, true]);
  const others = ["", "/", "a/b", "/a*", "/a,b", "/a[b]", "/a b", "/a\n", "--file=/a", "/a//b"];
  assertEquals(others.filter(isPlainPath), []);
});
