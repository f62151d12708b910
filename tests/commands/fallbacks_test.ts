import { assertEquals } from "@std/assert";
import { readFallbacks } from "../../lib/commands/fallbacks.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf, speaker } from "../programs.ts";

const MB = 1024 * 1024;

function padded(size: number): { content: Uint8Array } {
  const content = new Uint8Array(size);
  content.set(speaker("x86_64", ""));
  return { content };
}

const FILES = {
  "/q/qemu-s390x-static": { content: speaker("x86_64", "s") },
  "/q/qemu-riscv64": { content: speaker("x86_64", "r") },
  "/q/qemu-riscv64-static": { content: speaker("x86_64", "r") },
  "/q/qemu-arm": "no ELF",
  "/q/qemu-mips": { content: speaker("aarch64", "") },
  "/q/qemu-sh4": { content: headersOf("x86_64", { interp: "/lib64/ld-linux-x86-64.so.2" }) },
  "/q/other": { content: speaker("x86_64", "") },
  "/q/qemu-alpha": padded(60 * MB),
  "/q/qemu-hppa": padded(60 * MB),
  "/q/qemu-m68k": padded(60 * MB + 1),
};

function read(...paths: string[]) {
  return readFallbacks(paths, "x86_64", new FakeEnvironment({ files: FILES }));
}

Deno.test("readFallbacks() takes the machine from each file's name", () => {
  const result = read("/q/qemu-s390x-static", "/q/qemu-riscv64");
  const fallbacks = result.ok && result.value.map(({ machine, name }) => [machine, name]);
  assertEquals(fallbacks, [["s390x", "qemu-s390x-static"], ["riscv64", "qemu-riscv64"]]);
  assertEquals(read(), { ok: true, value: [] });
});

Deno.test("readFallbacks() accepts only static programs for the host, one per machine", () => {
  const why = (...paths: string[]) => {
    const result = read(...paths);
    return result.ok ? "read" : result.failure.why;
  };
  assertEquals(why("/q/other"), "its name is not qemu-MACHINE or qemu-MACHINE-static");
  assertEquals(why("/q/qemu-s390x"), "no such file");
  assertEquals(why("/q/qemu-arm"), "it does not begin with “\\x7fELF”");
  assertEquals(why("/q/qemu-mips"), "it is not an x86_64 program");
  assertEquals(why("/q/qemu-sh4"), "it needs a loader, which may be missing in a container");
  assertEquals(
    why("/q/qemu-riscv64", "/q/qemu-s390x-static", "/q/qemu-riscv64-static"),
    "another --fallback has the same machine, riscv64",
  );
});

Deno.test("readFallbacks() accepts at most 120 MiB in total", () => {
  assertEquals(read("/q/qemu-alpha", "/q/qemu-hppa").ok, true);
  const result = read("/q/qemu-alpha", "/q/qemu-m68k");
  assertEquals(!result.ok && [result.failure.what, result.failure.why], [
    "use “/q/qemu-m68k” as --fallback",
    "the total is more than 125829120 bytes",
  ]);
});
