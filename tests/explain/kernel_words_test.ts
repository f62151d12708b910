import { assertEquals } from "@std/assert";
import { kernelWords } from "../../lib/explain/kernel_words.ts";
import type { Kernel } from "../../lib/explain/kernel.ts";
import { report } from "./reports.ts";

function words(name: string, kernel: Partial<Kernel> = {}): string[] {
  const usual = report(name);
  return kernelWords({ ...usual, kernel: { ...usual.kernel, ...kernel } });
}

const GIVES =
  "gives x86_64 programs to binfmt-dispatcher (binfmt-dispatcher-x86_64 in binfmt_misc)";
const REGISTER = "to register it: binfmt-dispatcher enable x86_64";

Deno.test("kernelWords() says what the kernel gives such programs to", () => {
  assertEquals(words("first-candidate"), [GIVES]);
  assertEquals(words("older-entry"), [GIVES]);
  assertEquals(words("native"), ["runs aarch64 programs natively"]);
  assertEquals(words("native-taken"), [
    "gives this program to /usr/bin/runner (run in binfmt_misc)",
  ]);
});

Deno.test("kernelWords() says why the handler does not get them", () => {
  assertEquals(
    words("newer-entry")[1],
    "binfmt-dispatcher-x86_64 is overridden by qemu-x86_64, which was registered later",
  );
  assertEquals(
    words("disabled")[1],
    "binfmt-dispatcher-x86_64 is disabled: " +
      "echo 1 >/proc/sys/fs/binfmt_misc/binfmt-dispatcher-x86_64",
  );
  assertEquals(words("another-interpreter"), [
    "gives this program to /usr/bin/qemu-x86_64-static (binfmt-dispatcher-x86_64 in binfmt_misc)",
  ]);
  const usual = report("first-candidate");
  const entries = usual.kernel.entries.map((entry) => (
    { ...entry, ours: false, interpreter: "/usr/bin/binfmt-dispatcher" }
  ));
  assertEquals(words("first-candidate", { entries }), [
    "gives x86_64 programs to /usr/bin/binfmt-dispatcher (binfmt-dispatcher-x86_64 in " +
    "binfmt_misc), which has to start the handler first",
  ]);
  assertEquals(
    words("switched-off")[0],
    "gives no program to any interpreter: binfmt_misc is disabled",
  );
  assertEquals(words("not-mounted"), [
    "has no binfmt_misc mounted: it runs no foreign programs",
    REGISTER,
  ]);
});

Deno.test("kernelWords() says how to register, and which entries there are", () => {
  const others = Array.from({ length: 10 }, (_, i) => `e${i}`);
  assertEquals(words("not-registered", { others }), [
    "does not give x86_64 programs to binfmt-dispatcher; binfmt_misc has: " +
    "e0, e1, e2, e3, e4, e5, e6, e7, and 2 more",
    REGISTER,
  ]);
});

Deno.test("kernelWords() says what could not be read, and nothing about another root", () => {
  assertEquals(words("no-handler"), [
    "binfmt_misc, AT_PAGESZ and the route table could not be read: the handler is not installed",
  ]);
  assertEquals(words("another-system"), []);
});
