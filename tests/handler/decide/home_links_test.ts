import { assert, assertEquals } from "@std/assert";
import { findRank } from "../../../lib/handler/decide/rule.ts";
import { use as useTable } from "../../../lib/handler/decide/table.ts";
import { use } from "../../../lib/handler/outside.ts";
import { compileRoutes } from "../../../lib/routes/compile.ts";
import { FactsKernel } from "../../../lib/start/facts_kernel.ts";
import { effective, rule, smallConfig } from "../../routes/small_config.ts";
import { bytes, smallFacts, text } from "../../routes/small_facts.ts";

/** Paths of rules, and where the links in their literal parts lead; the handler follows `~/…`. */
type Paths = readonly (readonly [path: string, leads_to?: string])[];

function compile(paths: Paths): void {
  const rules = paths.map(([path, leads_to]) =>
    leads_to === undefined ? rule(path, "x") : { ...rule(path, "x"), leads_to }
  );
  const compiled = compileRoutes(effective(smallConfig({ rules })));
  assert(compiled.ok);
  assertEquals(compiled.value.refused, []);
  useTable(compiled.value.table);
}

/** The rank for a path, and which links were followed to find it. */
function find(path: string, real: Readonly<Record<string, string>>, given = "") {
  const followed: string[] = [];
  const realPath = (path: Uint8Array) => {
    followed.push(text(path));
    const found = real[text(path)];
    return found === undefined ? undefined : bytes(found);
  };
  use(new FactsKernel(smallFacts({ realPath })));
  try {
    return [findRank(bytes(path), bytes(given), bytes("/h")), ...followed];
  } finally {
    use(undefined);
  }
}

Deno.test("findRank() takes the target of a rule's links for the rule itself", () => {
  compile([["/a/long/path/", "/d"], ["/d/"], ["/l/*", "/"], ["/b/c", "/l/x"]]);
  assertEquals(find("/a/long/path/x", {}), [2]);
  assertEquals(find("/d/x", {}), [3], "the order is that of the paths as they are written");
  assertEquals([find("/l/x", {}), find("/x", {}), find("/b/c", {}), find("/c/x", {})], [
    ...[[6], [7], [8], [0]],
  ]);
  assertEquals(find("/none/x", {}, "/d/y"), [3], "also for the path as it was given");
});

Deno.test("findRank() follows links below home, and matches targets and what is below", () => {
  compile([["~/s/**", "~/s"], ["~/a/*.x", "~/a"], ["~/b", "~/b"], ["~/none/", "~/none"]]);
  const real = { "/h/s": "/mnt/s", "/h/a": "/", "/h/b": "/mnt/b", "/h/none": "" };
  const all = ["/h/a", "/h/b", "/h/none", "/h/s"];
  assertEquals(find("/mnt/s/x/y", real), [3, "/h/a", "/h/b", "/h/none", "/h/s"]);
  assertEquals(find("/mnt/s", real), [0, ...all], "the directory itself is not below it");
  assertEquals(find("/mnt/sx", real), [0, ...all]);
  assertEquals(find("/y.x", real), [5, "/h/a", "/h/s"]);
  assertEquals(find("/mnt/b", real), [7, "/h/a", "/h/b", "/h/s"]);
  assertEquals(find("/mnt/b/x", real), [0, ...all]);
});

Deno.test("findRank() follows only what could give a rule of higher precedence", () => {
  compile([["/x/"], ["~/s/**", "~/s"], ["~/s/*", "~/s"], ["/y/"], ["~/t", "~/t"]]);
  assertEquals(find("/x/a", { "/h/s": "/x" }), [2]);
  assertEquals(find("/h/s/a", { "/h/s": "/h/s" }), [4]);
  assertEquals(find("/y/a", { "/h/s": "/y" }), [5, "/h/s"]);
  assertEquals(find("/y/a", {}), [8, "/h/s"]);
});

Deno.test("findRank() looks up a path once if it was given in canonical form", () => {
  compile([["~/s/**", "~/s"]]);
  assertEquals(find("/x", {}, "/x"), [0, "/h/s"]);
  assertEquals(find("/x", {}, "/y"), [0, "/h/s", "/h/s"]);
});
