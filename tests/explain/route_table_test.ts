import { assertEquals } from "@std/assert";
import { readHandlerFacts } from "../../lib/explain/handler_facts.ts";
import { routeTable } from "../../lib/explain/route_table.ts";
import { told } from "./told.ts";

function table(
  whole: boolean,
  ...directories: readonly (readonly [path: string, errno: number])[]
) {
  const facts = directories.map(([path, errno]) => ["directory", path, `${errno}`] as const);
  return routeTable(readHandlerFacts(told({ facts }))!, whole);
}

Deno.test("routeTable() says where a table is, or where the next start stores one", () => {
  const made = routeTable(readHandlerFacts(told({}))!, true);
  assertEquals([made.kept, made.path], ["made", "/run/binfmt-dispatcher/routes-3"]);
  const next = table(true, ["/a", 2], ["/b", 0], ["/c", 0]);
  assertEquals([next.kept, next.path], ["next", "/b"]);
});

Deno.test("routeTable() says why none is stored", () => {
  const never = table(true, ["/a", 13], ["/b", 1], ["/c", 99]);
  assertEquals(
    [never.kept, never.why],
    [
      "never",
      "/a: permission denied; " +
      "/b: it or its parent directory is not private to this user; /c: error 99",
    ],
  );
  const layer = table(false, ["/a", 0]);
  assertEquals([layer.kept, layer.why?.startsWith("a layer cannot be read")], ["never", true]);
});
