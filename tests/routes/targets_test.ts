import { assertEquals } from "@std/assert";
import { MACHINES } from "../../lib/elf/machines.ts";
import { partnerOf, targetsOf } from "../../lib/routes/targets.ts";
import { format, smallConfig } from "./small_config.ts";

const MZ = new Uint8Array([0x4d, 0x5a]);
const dotnet = format({ magic: MZ, clr: true });
const windows = format({ magic: MZ });
const jar = format({ extension: "jar" });

Deno.test("targetsOf() gives the machines in order, then the formats by name", () => {
  const targets = targetsOf(smallConfig({ formats: { windows, jar, dotnet } }));
  const names = targets.map(({ name }) => name);
  assertEquals(names, [...MACHINES.map(({ name }) => name), "dotnet", "jar", "windows"]);
  const riscv64 = targets.find(({ name }) => name === "riscv64");
  assertEquals(riscv64, {
    name: "riscv64",
    gnu: "riscv64-linux-gnu",
    debian: "riscv64",
    elf: true,
  });
});

Deno.test("targetsOf() has a target for a CLR format's files without a CLR header", () => {
  const names = targetsOf(smallConfig({ formats: { dotnet, jar } })).map(({ name }) => name);
  assertEquals(names.slice(MACHINES.length), ["dotnet", "jar", "dotnet without a CLR header"]);
});

Deno.test("partnerOf() finds the format with the same magic, mask and offset", () => {
  const partner = (other: typeof windows) =>
    partnerOf(smallConfig({ formats: { dotnet, other } }), "dotnet");
  assertEquals(partner(windows), "other");
  assertEquals(partner({ ...windows, offset: 1 }), undefined);
  assertEquals(partner({ ...windows, mask: new Uint8Array([0xff, 0]) }), undefined);
  assertEquals(partner({ ...windows, clr: true }), undefined);
  assertEquals(partner(jar), undefined);
});
