import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { lines, NEEDS, REGISTERED, rootBy, RUNS, shell } from "./page.ts";

test({
  name: "debootstrap makes an arm64 root file system whose programs run",
  needs: [...NEEDS, "debootstrap", "apt"],
  async fn() {
    const use = shell("Root file systems", await rootBy(1)).at(-1)!;
    assertEquals(await lines([REGISTERED, use]), RUNS);
  },
});
