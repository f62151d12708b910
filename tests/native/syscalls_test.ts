import { assertEquals, assertThrows } from "@std/assert";
import {
  checkSyscall,
  type Parameter,
  SYSCALL_NAMES,
  type SyscallName,
  syscallOf,
} from "../../lib/native/syscalls.ts";
import type { Host } from "../../lib/native/program.ts";
import { test } from "../abilities.ts";

/** The headers with the numbers of system calls, of any machine with a C compiler. */
const HEADERS: Record<Host, string> = {
  x86_64: "#include <asm/unistd_64.h>",
  // arch/arm64/include/uapi/asm/unistd.h
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
    for (const host of ["x86_64", "aarch64"] as const) {
      const lines = SYSCALL_NAMES.map((name) => `"${name}" __NR_${name}`);
      const text = await preprocess(`${HEADERS[host]}\n${lines.join("\n")}\n`);
      const expected = SYSCALL_NAMES.map((name) => `"${name}" ${syscallOf(name, host).number}`);
      assertEquals(text.trim().split("\n"), expected);
    }
  },
});

Deno.test("no system call has more than six parameters", () => {
  const all = SYSCALL_NAMES.map((name) => syscallOf(name, "x86_64").parameters);
  assertEquals(all.filter(({ length }) => length > 6), []);
});

Deno.test("a parameter with a buffer's size is a number", () => {
  for (const name of SYSCALL_NAMES) {
    const { parameters } = syscallOf(name, "x86_64");
    for (const parameter of parameters.map((each) => hasOptional(each) ? each.optional : each)) {
      if (typeof parameter === "string" || !("sizedBy" in parameter)) continue;
      assertEquals(parameters[parameter.sizedBy], "number", name);
    }
  }
});

function hasOptional(parameter: Parameter) {
  return typeof parameter === "object" && "optional" in parameter;
}

Deno.test("checkSyscall() accepts what the kernel accepts", () => {
  const path = Uint8Array.of(0x2f, 0), room = new Uint8Array(16);
  checkSyscall("openat", [-100, path, 0, 0]);
  checkSyscall("read", [0, room, 16]);
  checkSyscall("read", [0, room, 0]);
  checkSyscall("clock_gettime", [0, room]);
  checkSyscall("fgetxattr", [0, path, 0, 0]);
  checkSyscall("fgetxattr", [0, path, room, 16]);
  checkSyscall("execve", [path, room, 0]);
  checkSyscall("getpid", []);
});

/** The error's text, then a system call with arguments that the kernel would not accept. */
const REFUSED: readonly [string, SyscallName, ...(number | Uint8Array)[]][] = [
  ["takes 3 arguments, not 2", "read", 0, new Uint8Array(1)],
  ["takes 0 arguments, not 1", "getpid", 0],
  ["argument 0 of close", "close", new Uint8Array(1)],
  ["argument 0 of chdir", "chdir", 0],
  ["argument 0 of chdir", "chdir", Uint8Array.of(0x2f)],
  ["argument 0 of chdir", "chdir", new Uint8Array(0)],
  ["argument 1 of read", "read", 0, new Uint8Array(15), 16],
  ["argument 1 of write", "write", 1, 4096, 16],
  ["argument 2 of fgetxattr", "fgetxattr", 0, Uint8Array.of(0), new Uint8Array(1), 2],
  ["argument 1 of clock_gettime", "clock_gettime", 0, new Uint8Array(15)],
  ["argument 1 of execve", "execve", Uint8Array.of(0x2f, 0), 0, 0],
];

for (const [said, name, ...args] of REFUSED) {
  const what = args.map((arg) => typeof arg === "number" ? arg : `[${arg}]`).join(", ");
  Deno.test(`checkSyscall() refuses ${name}(${what})`, () => {
    assertThrows(() => checkSyscall(name, args), RangeError, said);
  });
}
