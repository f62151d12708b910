import { assertEquals } from "@std/assert";
import { formatEntry, machineEntries } from "../../lib/binfmt/entries.ts";
import { targetOf } from "../../lib/doctor/targets.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { configOf } from "../config/load_config.ts";

const config = configOf(
  "[formats.windows]\nmagic = 'MZ'\n[formats.dotnet]\nmagic = 'MZ'\nclr = true\n" +
    "[formats.jar]\nextension = 'jar'\n",
);

Deno.test("targetOf() returns the machine of each entry, and its magic", () => {
  for (const machine of MACHINES) {
    for (const entry of machineEntries(machine)) {
      const target = targetOf(entry.name, config);
      assertEquals([target?.name, target?.isMachine], [machine.name, true]);
      const magic = "magic" in entry.telling ? entry.telling.magic : undefined;
      assertEquals(target?.head, magic);
    }
  }
});

Deno.test("targetOf() returns an entry's format; of two, the one without inspection", () => {
  const names = ["windows", "dotnet", "jar"].map((id) => formatEntry(id, config)!.name);
  assertEquals(names.map((name) => targetOf(name, config)?.name), ["windows", "windows", "jar"]);
  assertEquals(targetOf(names[2]!, config)?.path, "/program.jar");
  assertEquals(targetOf("binfmt-dispatcher-none", config), undefined);
});
