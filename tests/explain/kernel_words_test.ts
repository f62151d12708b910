import { assertEquals } from "@std/assert";
import { kernelWords } from "../../lib/explain/kernel_words.ts";
import type { Kernel } from "../../lib/explain/kernel.ts";
import { report } from "./reports.ts";

async function words(name: string, kernel: Partial<Kernel> = {}): Promise<string[]> {
  const usual = await report(name);
  return kernelWords({ ...usual, kernel: { ...usual.kernel, ...kernel } });
}

const GIVES =
  "gives x86_64 programs to binfmt-dispatcher (binfmt-dispatcher-x86_64 in binfmt_misc)";
const REGISTER = "to register it: binfmt-dispatcher enable x86_64";

Deno.test("kernelWords() says what the kernel gives such programs to", async () => {
  assertEquals(await words("first-candidate"), [GIVES]);
  assertEquals(await words("older-entry"), [GIVES]);
  assertEquals(await words("native"), ["runs aarch64 programs natively"]);
  assertEquals(await words("native-taken"), [
    "gives this program to /usr/bin/runner (run in binfmt_misc)",
  ]);
});

Deno.test("kernelWords() says why the handler does not get them", async () => {
  assertEquals(
    (await words("newer-entry"))[1],
    "binfmt-dispatcher-x86_64 is overridden by qemu-x86_64, which was registered later",
  );
  assertEquals(
    (await words("disabled"))[1],
    "binfmt-dispatcher-x86_64 is disabled: " +
      "echo 1 >/proc/sys/fs/binfmt_misc/binfmt-dispatcher-x86_64",
  );
  assertEquals(await words("another-interpreter"), [
    "gives this program to /usr/bin/qemu-x86_64-static (binfmt-dispatcher-x86_64 in binfmt_misc)",
  ]);
  const usual = await report("first-candidate");
  const entries = usual.kernel.entries.map((entry) => (
    { ...entry, ours: false, interpreter: "/usr/bin/binfmt-dispatcher" }
  ));
  assertEquals(await words("first-candidate", { entries }), [
    "gives x86_64 programs to /usr/bin/binfmt-dispatcher (binfmt-dispatcher-x86_64 in " +
    "binfmt_misc), which has to start the handler first",
  ]);
  assertEquals(
    (await words("switched-off"))[0],
    "gives no program to any interpreter: binfmt_misc is disabled",
  );
  assertEquals(await words("not-mounted"), [
    "has no binfmt_misc mounted: it runs no foreign programs",
    REGISTER,
  ]);
});

Deno.test("kernelWords() says how to register, and which entries there are", async () => {
  const others = Array.from({ length: 10 }, (_, i) => `e${i}`);
  assertEquals(await words("not-registered", { others }), [
    "does not give x86_64 programs to binfmt-dispatcher; binfmt_misc has: " +
    "e0, e1, e2, e3, e4, e5, e6, e7, and 2 more",
    REGISTER,
  ]);
});

Deno.test("kernelWords() says what could not be read, and nothing about another root", async () => {
  assertEquals(await words("no-handler"), [
    "binfmt_misc, AT_PAGESZ and the route table could not be read: the handler is not installed",
  ]);
  assertEquals(await words("another-system"), []);
});
