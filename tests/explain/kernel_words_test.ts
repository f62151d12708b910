import { assertEquals } from "@std/assert";
import { kernelWords } from "../../lib/explain/kernel_words.ts";
import type { Kernel } from "../../lib/explain/kernel.ts";
import { report } from "./reports.ts";

async function words(kernel: Partial<Kernel>): Promise<string[]> {
  const usual = await report("first-candidate");
  return kernelWords({ ...usual, kernel: { ...usual.kernel, ...kernel } });
}

Deno.test("kernelWords() says who gets such programs", async () => {
  assertEquals(await words({}), [
    "gives x86_64 programs to binfmt-dispatcher (binfmt-dispatcher-x86_64 in binfmt_misc)",
  ]);
  assertEquals(await words({ native: true, registered: false }), ["runs x86_64 programs itself"]);
  assertEquals((await words({ native: true }))[0], (await words({}))[0]);
});

Deno.test("kernelWords() says how to register, and which entries are there", async () => {
  const others = Array.from({ length: 10 }, (_, i) => `e${i}`);
  assertEquals(await words({ registered: false, others }), [
    "does not give x86_64 programs to binfmt-dispatcher; in binfmt_misc are: " +
    "e0, e1, e2, e3, e4, e5, e6, e7, and 2 more",
    "the line that registers them: binfmt-dispatcher binfmt --machine x86_64",
  ]);
  assertEquals(
    (await words({ registered: false, binfmt_misc: false }))[0],
    "has no binfmt_misc mounted: it knows no foreign programs",
  );
});

Deno.test("kernelWords() says nothing of another root's kernel", async () => {
  assertEquals(await words({ registered: false, binfmt_misc: undefined }), []);
});
