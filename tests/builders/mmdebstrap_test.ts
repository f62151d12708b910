import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { lines, NEEDS, REGISTERED, rootBy, RUNS, shell } from "./page.ts";

test({
  name: "mmdebstrap makes an arm64 root file system whose programs run, sudo only for root",
  needs: [...NEEDS, "mmdebstrap", "apt"],
  async fn() {
    const directory = await rootBy(0);
    const use = shell("Root file systems", directory).at(-1)!;
    const [root, others] = shell("sudo inside", directory);
    const script = [use, root!, `{ ${others}} 2>&1 || echo "status $?"\n`];
    const who = shell("Who emulates?", directory);
    const printed = await lines([REGISTERED, ...script, ...who]);
    assertEquals(printed.filter((line) => !line.startsWith("Copyright")), [
      ...RUNS,
      "nobody",
      printed.find((line) => line.startsWith("sudo: effective uid is not 0, "))!,
      "status 1",
      "qemu-aarch64-static (in the handler)",
      printed.find((line) => line.startsWith("qemu-aarch64 version "))!,
    ]);
  },
});
