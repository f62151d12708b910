import { assertEquals } from "@std/assert";
import { formatEntry, machineEntries } from "../../lib/binfmt/entries.ts";
import type { Format } from "../../lib/config/config.ts";
import { machine } from "../elf/build_elf.ts";

const NOTHING: Format = {
  extension: undefined,
  magic: undefined,
  mask: undefined,
  offset: 0,
  clr: false,
  interpreter: [],
};
const MZ = Uint8Array.from([0x4d, 0x5a]);

Deno.test("machineEntries() are named as existing masks have them", () => {
  const names = (name: string) => machineEntries(machine(name)).map(({ name }) => name);
  assertEquals(names("x86_64"), ["binfmt-dispatcher-x86_64"]);
  assertEquals(names("i386"), ["binfmt-dispatcher-x86", "binfmt-dispatcher-i486"]);
  assertEquals(names("aarch64"), ["binfmt-dispatcher-aarch64"]);
});

Deno.test("formatEntry() lets formats that the kernel cannot tell apart share an entry", () => {
  const formats = new Map<string, Format>([
    ["dotnet", { ...NOTHING, magic: MZ, clr: true }],
    ["windows", { ...NOTHING, magic: MZ }],
    ["jar", { ...NOTHING, extension: "jar" }],
    ["other", { ...NOTHING, magic: MZ, offset: 2 }],
    ["empty", NOTHING],
  ]);
  const windows = {
    name: "binfmt-dispatcher-windows",
    telling: {
      magic: MZ,
      mask: Uint8Array.from([0xff, 0xff]),
      offset: 0,
    },
  };
  assertEquals(formatEntry("windows", formats), windows);
  assertEquals(formatEntry("dotnet", formats), windows);
  assertEquals(formatEntry("other", formats)?.name, "binfmt-dispatcher-other");
  assertEquals(formatEntry("jar", formats)?.telling, { extension: "jar" });
  assertEquals(formatEntry("empty", formats), undefined);
  assertEquals(formatEntry("nothing", formats), undefined);
  formats.delete("windows");
  assertEquals(formatEntry("dotnet", formats)?.name, "binfmt-dispatcher-dotnet");
});
