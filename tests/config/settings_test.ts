import { assertEquals } from "@std/assert";
import type { Value } from "../../lib/config/check_layer.ts";
import { highestLayer, mergeValues, tablesOf } from "../../lib/config/settings.ts";

const value = (id: string, key: string, value: unknown): Value => ({
  section: "binaries",
  id,
  key,
  value,
});

Deno.test("mergeValues() lets later layers win key by key and remembers each value's layer", () => {
  const settings = mergeValues([
    [value("a", "path", "/1"), value("a", "interpreter", "x")],
    [],
    [value("a", "path", "/2"), value("b", "path", "/3")],
  ]);
  const a = tablesOf(settings, "binaries").get("a")!;
  assertEquals(a.get("path"), { value: "/2", layer: 2 });
  assertEquals(a.get("interpreter"), { value: "x", layer: 0 });
  assertEquals(highestLayer(a), 2);
  assertEquals([...tablesOf(settings, "binaries").keys()], ["a", "b"]);
});

Deno.test("tablesOf() returns no tables for a section that no layer has", () => {
  assertEquals(tablesOf(mergeValues([]), "formats").size, 0);
});
