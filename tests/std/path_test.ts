import { assertEquals } from "@std/assert";
import { basename, dirname, isAbsolute, join, relative, resolve } from "@std/path";

Deno.test("@std/path splits and joins POSIX paths", () => {
  assertEquals(basename("/usr/bin/FEX"), "FEX");
  assertEquals(basename("/etc/x.toml", ".toml"), "x");
  assertEquals(dirname("/usr/bin/FEX"), "/usr/bin");
  assertEquals(dirname("FEX"), ".");
  assertEquals(isAbsolute("/a"), true);
  assertEquals(isAbsolute("~/a"), false);
  assertEquals(join("/a/", "./b", "../c"), "/a/c");
  assertEquals(relative("/a/b", "/a/c/d"), "../c/d");
  assertEquals(resolve("/a", "b", "/c", "d"), "/c/d");
});
