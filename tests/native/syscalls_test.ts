import { assertEquals } from "@std/assert";
import { SYSCALL_NAMES, syscallOf } from "../../lib/native/syscalls.ts";
import type { Target } from "../../lib/native/program.ts";
import { test } from "../abilities.ts";

/** The kernel's headers, as they are on any machine with a C compiler. */
const HEADERS: Record<Target, string> = {
  x86_64: "#include <asm/unistd_64.h>",
  // What arch/arm64/include/uapi/asm/unistd.h says.
  aarch64: "#define __ARCH_WANT_NEW_STAT\n#include <asm-generic/unistd.h>",
};

async function preprocess(source: string): Promise<string> {
  const command = new Deno.Command("gcc", {
    args: ["-E", "-P", "-"],
    stdin: "piped",
    stdout: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { success, stdout } = await child.output();
  assertEquals(success, true);
  return new TextDecoder().decode(stdout);
}

test({
  name: "syscallOf() gives the numbers of the kernel's headers",
  needs: ["gcc", "x86_64"],
  async fn() {
    for (const target of ["x86_64", "aarch64"] as const) {
      const lines = SYSCALL_NAMES.map((name) => `"${name}" __NR_${name}`);
      const text = await preprocess(`${HEADERS[target]}\n${lines.join("\n")}\n`);
      const expected = SYSCALL_NAMES.map((name) => `"${name}" ${syscallOf(name, target).number}`);
      assertEquals(text.trim().split("\n"), expected);
    }
  },
});

Deno.test("syscallOf() takes no more parameters than there are registers for them", () => {
  const counts = SYSCALL_NAMES.map((name) => syscallOf(name, "x86_64").parameters);
  assertEquals(counts.filter((count) => count < 0 || count > 6), []);
});
