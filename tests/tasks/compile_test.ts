import { assert } from "@std/assert";
import { PROGRAM } from "../../tasks/compile.ts";
import { test } from "../abilities.ts";

test({
  name: "the compiled program is under 100 MB and has no package in it that only tests use",
  needs: ["compiled"],
  fn() {
    const bytes = Deno.readFileSync(PROGRAM);
    assert(bytes.length < 100e6, `${bytes.length} bytes`);
    const text = new TextDecoder("latin1").decode(bytes.subarray(-8_000_000));
    assert(text.includes("Invalid TOML document"), "the packages stand elsewhere");
    // What fast-check and ajv bring along.
    for (const name of ["pure-rand", "fast-uri"]) assert(!text.includes(name), name);
  },
});
