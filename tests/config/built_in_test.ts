import { assertEquals } from "@std/assert";
import { builtIn } from "../../lib/config/built_in.ts";

Deno.test("builtIn() is each host's shipped configuration, and nothing for others", async () => {
  for (const host of ["aarch64", "x86_64"]) {
    const file = new URL(`../../config/${host}.toml`, import.meta.url);
    assertEquals(builtIn(host), await Deno.readFile(file));
  }
  for (const other of ["riscv64", "toString"]) assertEquals(builtIn(other), undefined);
});
