import { assertEquals } from "@std/assert";
import { formatEntry, machineEntries } from "../../lib/binfmt/entries.ts";
import { machine } from "../elf/build_elf.ts";
import { configOf } from "../config/load_config.ts";

Deno.test("machineEntries() keeps the entry names that masks in binfmt.d refer to", () => {
  const names = (name: string) => machineEntries(machine(name)).map(({ name }) => name);
  assertEquals(names("x86_64"), ["binfmt-dispatcher-x86_64"]);
  assertEquals(names("i386"), ["binfmt-dispatcher-x86", "binfmt-dispatcher-i486"]);
  assertEquals(names("aarch64"), ["binfmt-dispatcher-aarch64"]);
});

Deno.test("formatEntry() lets formats that the kernel cannot tell apart share an entry", () => {
  const dotnet = "[formats.dotnet]\nmagic = 'MZ'\nclr = true\n";
  const config = configOf(
    `${dotnet}[formats.windows]\nmagic = 'MZ'\n[formats.other]\nmagic = 'MZ'\noffset = 2\n` +
      '[formats.jar]\nextension = "jar"\n',
  );
  const windows = {
    name: "binfmt-dispatcher-windows",
    telling: {
      magic: Uint8Array.from([0x4d, 0x5a]),
      mask: Uint8Array.from([0xff, 0xff]),
      offset: 0,
    },
  };
  assertEquals(formatEntry("windows", config), windows);
  assertEquals(formatEntry("dotnet", config), windows);
  assertEquals(formatEntry("other", config)?.name, "binfmt-dispatcher-other");
  assertEquals(formatEntry("jar", config)?.telling, { extension: "jar" });
  assertEquals(formatEntry("nothing", config), undefined);
  assertEquals(formatEntry("dotnet", configOf(dotnet))?.name, "binfmt-dispatcher-dotnet");
});
