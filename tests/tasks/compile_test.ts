import { assert, assertEquals } from "@std/assert";
import { PROGRAM } from "../../tasks/compile.ts";
import { prune } from "../../tasks/program_lock.ts";
import { test } from "../abilities.ts";

Deno.test("prune() keeps what the packages depend on, however deep, and nothing else", () => {
  const lock = {
    version: "5",
    specifiers: { "npm:a@1": "1.0.0", "npm:@s/t@^1": "1.1.0_a@1.0.0", "jsr:@std/x@1": "1.0.0" },
    npm: {
      "a@1.0.0": { dependencies: ["b", "c@2.0.0"] },
      "b@1.0.0": { dependencies: ["a"] },
      "c@1.0.0": {},
      "c@2.0.0": {},
      "@s/t@1.1.0_a@1.0.0": { dependencies: ["a"] },
    },
  };
  const pruned = prune(lock, ["a@1.0.0"]);
  assertEquals(Object.keys(pruned.npm), ["a@1.0.0", "b@1.0.0", "c@2.0.0"]);
  assertEquals(pruned.specifiers, { "npm:a@1": "1.0.0", "jsr:@std/x@1": "1.0.0" });
  assertEquals(pruned["version"], "5");
});

test({
  name: "the compiled program is under 100 MB and has no package in it that only tests use",
  needs: ["compiled"],
  fn() {
    const bytes = Deno.readFileSync(PROGRAM);
    assert(bytes.length < 100e6, `${bytes.length} bytes`);
    const text = new TextDecoder("latin1").decode(bytes.subarray(-8_000_000));
    assert(text.includes("smol-toml"), "the packages stand elsewhere");
    // What fast-check and ajv bring along; deno.json, which is embedded, does not name these.
    for (const name of ["pure-rand", "fast-uri"]) assert(!text.includes(name), name);
  },
});
