import { assertEquals } from "@std/assert";
import { isPattern, literalPart, literalPrefix } from "../../lib/config/literal_part.ts";

Deno.test("literalPart() is the path itself, or the directory before its first pattern", () => {
  const all = {
    "/usr/bin/x": "/usr/bin/x",
    "/opt/games/": "/opt/games",
    "/opt/games/**": "/opt/games",
    "/opt/ga*/x": "/opt",
    "/opt/a[1]": "/opt",
    "/{a,b}": "",
    "/": "",
    "**/x": "",
    "~/x": "~/x",
    "~/": "~",
    "~/*": "~",
    "~/a/?": "~/a",
    "/a//": "/a/",
  };
  for (const [path, part] of Object.entries(all)) {
    assertEquals([path, literalPart(path)], [path, part]);
  }
});

Deno.test("literalPrefix() ends before the first of * ? [ {", () => {
  const found = ["/a*", "/b?", "/c[", "/d{", "/e]}"].map((path) =>
    `${literalPrefix(path)} ${isPattern(path)}`
  );
  assertEquals(found, ["/a true", "/b true", "/c true", "/d true", "/e]} false"]);
});
