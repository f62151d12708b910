import { assert, assertEquals } from "@std/assert";
import { NARROWED } from "../../lib/config/narrowed_paths.ts";
import { diagnosticLines, load } from "./load_config.ts";

const QEMU = '[interpreters.qemu]\npath = ["/usr/bin/qemu-{machine}", "/opt/qemu"]\n';

const warnings = (low: string, high: string) => diagnosticLines(load(low, high));

Deno.test("narrowedPaths() warns if a path without {machine} replaces one with it", () => {
  const high = '[interpreters.qemu]\nname = "Q"\npath = ["/opt/qemu-riscv64", "/opt/q"]\n';
  const [warning, ...others] = warnings(QEMU, high);
  assert(warning!.includes(NARROWED));
  assertEquals([warning, others], [
    "binfmt-dispatcher.toml:3: warning: interpreters.qemu.path: replaces a path with {machine} " +
    "by one without: it now serves i386, x86_64 and riscv64 only; use {machine}, or set " +
    "machines",
    [],
  ]);
});

Deno.test("narrowedPaths() gives no warning if it is clear which machines are meant", () => {
  const over = (path: string, more = "") => warnings(QEMU, `[interpreters.qemu]\n${path}\n${more}`);
  assertEquals(over('path = "/opt/q"', 'machines = "x86_64"'), []);
  assertEquals(over('path = "/opt/q-{machine}"'), []);
  assertEquals(over('path = ["/opt/qemu-x86_64", "/opt/qemu-arm-static"]'), []);
  assertEquals(over('name = "Q"'), []);
  assertEquals(warnings(`${QEMU}machines = "arm"`, '[interpreters.qemu]\npath = "/q"'), []);
  assertEquals(warnings("", '[interpreters.qemu]\npath = "/q"'), []);
});
