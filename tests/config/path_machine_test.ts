import { assert, assertEquals } from "@std/assert";
import { machinesByPath, pathMachine, pathServes } from "../../lib/config/path_machine.ts";
import { MACHINES } from "../../lib/elf/machines.ts";

Deno.test("pathMachine() reads the machine from qemu-MACHINE and qemu-MACHINE-static", () => {
  assertEquals(pathMachine("/usr/bin/qemu-x86_64"), "x86_64");
  assertEquals(pathMachine("/opt/q/qemu-aarch64_be-static"), "aarch64_be");
  for (
    const path of ["/usr/bin/FEX", "/usr/bin/qemu-img", "/qemu-x86_64/x", "/usr/bin/qemu-{machine}"]
  ) {
    assertEquals(pathMachine(path), undefined, path);
  }
});

Deno.test("machinesByPath() returns all, the path's own, or x86_64 and i386", () => {
  assertEquals(machinesByPath(["/usr/bin/qemu-{machine}"]).length, MACHINES.length);
  assertEquals(machinesByPath(["/usr/bin/qemu-s390x-static"]), ["s390x"]);
  assertEquals([...machinesByPath(["/usr/bin/FEX"])].sort(), ["i386", "x86_64"]);
  const both = machinesByPath(["/usr/bin/qemu-arm", "/usr/bin/box64"]);
  assert(["arm", "i386", "x86_64"].every((name) => both.includes(name)) && both.length === 3);
});

Deno.test("pathServes() refuses only what is named after another machine", () => {
  assertEquals(pathServes("/usr/bin/qemu-arm-static", "arm"), true);
  assertEquals(pathServes("/usr/bin/qemu-arm-static", "armeb"), false);
  assertEquals(pathServes("/usr/bin/box64", "arm"), true);
});
