import { assertEquals } from "@std/assert";
import { describeElf } from "../../lib/explain/describe_elf.ts";
import type { ElfFacts } from "../../lib/explain/report.ts";

const X86_64: ElfFacts = {
  EI_CLASS: 2,
  EI_DATA: 1,
  EI_OSABI: 0,
  e_type: 3,
  e_machine: 62,
  e_flags: 0,
  PT_INTERP: undefined,
  linkage: "dynamic",
  appimage: 2,
};

Deno.test("describeElf() says class, byte order, type, linkage and AppImage", () => {
  assertEquals(
    describeElf(X86_64, true),
    "ELF 64-bit little-endian, position-independent (ET_DYN), dynamic, AppImage type 2",
  );
});

Deno.test("describeElf() shows the numbers of unnamed values", () => {
  const odd = {
    EI_CLASS: 1,
    EI_DATA: 2,
    e_type: 0xfe00,
    e_machine: 9,
    appimage: undefined,
  } as const;
  assertEquals(
    describeElf({ ...X86_64, ...odd, linkage: "static" }, false),
    "ELF 32-bit big-endian, unknown e_machine 9, e_type 65024, static",
  );
});
