import { assertEquals } from "@std/assert";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { matchesMagic } from "../../lib/binfmt/matches_magic.ts";
import { probeFor } from "../../lib/doctor/probe_for.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { configOf } from "../config/load_config.ts";
import { FOREIGN } from "../real/foreign.ts";

const config = configOf(
  "[formats.pk]\nmagic = 'PK'\noffset = 4\n[formats.jar]\nextension = 'jar'\n",
);

Deno.test("probeFor() makes a probe for each machine's entry, and none for extensions", () => {
  for (const entry of MACHINES.flatMap(machineEntries)) {
    const probe = probeFor(entry.name, config)!;
    assertEquals("magic" in entry.telling && matchesMagic(entry.telling, probe), true, entry.name);
  }
  const format = probeFor("binfmt-dispatcher-pk", config)!;
  assertEquals(new TextDecoder().decode(format.subarray(0, 6)), "\0\0\0\0PK");
  assertEquals(probeFor("binfmt-dispatcher-jar", config), undefined);
  assertEquals(probeFor("none", config), undefined);
});

Deno.test("probeFor() ends a probe as packaging/registrar does", () => {
  const url = new URL("../../packaging/registrar", import.meta.url);
  const end = /^end='([^']*)'$/m.exec(Deno.readTextFileSync(url))?.[1];
  const probe = probeFor(`binfmt-dispatcher-${FOREIGN}`, config)!;
  assertEquals(new TextDecoder().decode(probe.subarray(256)), end);
});
