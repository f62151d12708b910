import { assertEquals } from "@std/assert";
import { CAST, castOf, demonstration, textOf } from "../../tasks/screencast.ts";
import { ROOT } from "../../tasks/start.ts";
import { test } from "../abilities.ts";

/** Without what differs between runs: the times of starts, and the program's size. */
function steady(text: string): string {
  return text.replaceAll(/-?\d+\.\d\d ms/g, "… ms").replace(/hello, \d+ bytes/, "hello, … bytes");
}

test({
  name: "docs/demo.cast shows what ./dev demo prints",
  needs: ["binfmt_misc", "qemu-user-static", "compiled", "x86_64"],
  async fn() {
    const recorded = textOf(await Deno.readTextFile(`${ROOT}/${CAST}`));
    assertEquals(steady(recorded), steady(await demonstration()));
  },
});

Deno.test("a recording shows each line once, in order, with increasing times", () => {
  const cast = castOf("one\n\ntwo\n");
  assertEquals(textOf(cast), "one\n\ntwo\n");
  const times = cast.trimEnd().split("\n").slice(1).map((line) => JSON.parse(line)[0]);
  assertEquals(times, times.toSorted((a, b) => a - b));
});
