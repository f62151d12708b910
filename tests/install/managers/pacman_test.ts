import { assertEquals } from "@std/assert";
import { PACMAN } from "../../../lib/install/managers/pacman.ts";

const INFO = `Repository      : asahi-alarm
Name            : FEX-Emu
Version         : 2511-1
Description     : Name : x86 emulator
Download Size   : 5.21 KiB
Installed Size  : 4.88 KiB

Repository      : extra
Name            : FEX-Emu
Download Size   : 9.00 MiB

Repository      : extra
Name            : muvm
Download Size   : unknown

`;

Deno.test("parseQuery() of pacman takes the first repository that has a package", () => {
  const found = PACMAN.parseQuery(INFO, ["FEX-Emu", "muvm", "other"]);
  assertEquals([...found], [["FEX-Emu", 5335], ["muvm", undefined]]);
});

Deno.test("parseFileQuery() of pacman drops the repository", () => {
  assertEquals(PACMAN.parseFileQuery("core/glibc\nextra/glibc\n"), ["glibc"]);
});
