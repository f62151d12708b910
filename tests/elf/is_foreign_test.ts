import { assertEquals } from "@std/assert";
import { FOREIGN_HEAD, isForeign } from "../../lib/elf/is_foreign.ts";
import { MACHINES, NATIVE, NATIVE_E_MACHINES } from "../../lib/elf/machines.ts";
import { buildElf } from "./build_elf.ts";

const foreignOn = (host: string) => (machine: string) =>
  isForeign(buildElf({ machine }).subarray(0, FOREIGN_HEAD), host);

Deno.test("isForeign() takes what the host's kernel runs itself for native", () => {
  const all = MACHINES.map(({ name }) => name);
  const native = (host: string) => all.filter((name) => !foreignOn(host)(name)).sort();
  assertEquals(native("x86_64"), ["i386", "x86_64"]);
  assertEquals(native("aarch64"), ["aarch64", "arm"]);
});

Deno.test("isForeign() knows every machine that is native to a host", () => {
  for (const [host, names] of Object.entries(NATIVE)) {
    assertEquals(names.filter(foreignOn(host)), []);
    assertEquals(host in NATIVE_E_MACHINES, true);
  }
});

Deno.test("isForeign() takes scripts for native, and nothing else", () => {
  const text = (text: string) => isForeign(new TextEncoder().encode(text), "x86_64");
  assertEquals(["#!/bin/sh", "#!"].map(text), [false, false]);
  assertEquals(["", "#", "MZ", "hello", "\x7fELF"].map(text), Array(5).fill(true));
});

Deno.test("isForeign() is right about this very program", () => {
  using file = Deno.openSync(Deno.execPath());
  const head = new Uint8Array(FOREIGN_HEAD);
  file.readSync(head);
  assertEquals(isForeign(head, Deno.build.arch), false);
});
