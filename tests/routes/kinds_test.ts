import { assertEquals } from "@std/assert";
import type { Format } from "../../lib/config/config.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { PROBE } from "../../lib/routes/format.ts";
import { kindsOf } from "../../lib/routes/kinds.ts";
import { targetsOf } from "../../lib/routes/targets.ts";
import { format, interpreter, smallConfig } from "./small_config.ts";

const MZ = new Uint8Array([0x4d, 0x5a]);
const MAGICS = MACHINES.flatMap(({ magics }) => magics).length;

/** The formats' kinds: the target of a file, and that of a file with a CLR header. */
function formatKinds(formats: Record<string, Format>, machines: string[] = []) {
  const interpreters = { x: interpreter("/x", { machines }) };
  const config = smallConfig({ formats, interpreters });
  const targets = targetsOf(config);
  const kinds = kindsOf(config, targets).slice(MAGICS);
  return kinds.map(({ extension, probe, target, clr_target }) => [
    extension ?? "magic",
    targets[target]!.name,
    ...(probe === PROBE.CLR ? [targets[clr_target]!.name] : []),
  ]);
}

Deno.test("kindsOf() gives a kind for each magic of each machine, probed for PT_INTERP", () => {
  const config = smallConfig({});
  const kinds = kindsOf(config, targetsOf(config));
  assertEquals(kinds.length, MAGICS);
  assertEquals(new Set(kinds.map(({ probe }) => probe)), new Set([PROBE.PT_INTERP]));
  assertEquals(new Set(kinds.map(({ target }) => target)).size, MACHINES.length);
});

Deno.test("kindsOf() orders formats by name", () => {
  const formats = { z: format({ extension: "z" }), a: format({ magic: MZ }) };
  assertEquals(formatKinds(formats), [["magic", "a"], ["z", "z"]]);
});

Deno.test("kindsOf() joins windows and dotnet in one kind", () => {
  const windows = format({ magic: MZ });
  const dotnet = format({ magic: MZ, clr: true });
  const used = { ...dotnet, interpreter: ["x"] };
  assertEquals(formatKinds({ windows, dotnet: used }), [["magic", "windows", "dotnet"]]);
  // Also if a rule's interpreter may run it, though the format names none.
  assertEquals(formatKinds({ windows, dotnet }, ["dotnet"]), [["magic", "windows", "dotnet"]]);
  // Wine may also run .NET programs if nothing else is made for them.
  assertEquals(formatKinds({ windows, dotnet }), [["magic", "windows"]]);
  assertEquals(formatKinds({ windows }), [["magic", "windows"]]);
  const alone = [["magic", "dotnet without a CLR header", "dotnet"]];
  assertEquals(formatKinds({ dotnet: used }), alone);
  assertEquals(formatKinds({ dotnet }), alone);
});

Deno.test("kindsOf() also looks for a CLR header in files with an extension", () => {
  const dll = format({ extension: "dll", clr: true });
  assertEquals(formatKinds({ dll }), [["dll", "dll without a CLR header", "dll"]]);
});

Deno.test("kindsOf() compares every bit without a mask", () => {
  const config = smallConfig({ formats: { a: format({ magic: MZ, offset: 3 }) } });
  const kind = kindsOf(config, targetsOf(config)).at(-1)!;
  assertEquals([kind.offset, ...kind.mask], [3, 0xff, 0xff]);
});
