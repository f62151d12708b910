import { assertEquals } from "@std/assert";
import type { Format } from "../../lib/config/config.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { PROBE } from "../../lib/routes/format.ts";
import { kindsOf } from "../../lib/routes/kinds.ts";
import { targetsOf } from "../../lib/routes/targets.ts";
import { format, interpreter, smallConfig } from "./small_config.ts";

const MZ = new Uint8Array([0x4d, 0x5a]);
const n_magics = MACHINES.flatMap(({ magics }) => magics).length;

/** The formats' kinds: where a fitting file belongs, and where one with a CLR header does. */
function formatKinds(formats: Record<string, Format>, machines: string[] = []) {
  const interpreters = { x: interpreter("/x", { machines }) };
  const config = smallConfig({ formats, interpreters });
  const targets = targetsOf(config);
  return kindsOf(config, targets).slice(n_magics).map((
    { extension, probe, target, clr_target },
  ) => [
    extension ?? "magic",
    targets[target]!.name,
    ...(probe === PROBE.CLR ? [targets[clr_target]!.name] : []),
  ]);
}

Deno.test("kindsOf() has every magic of every machine, and asks for PT_INTERP", () => {
  const config = smallConfig({});
  const kinds = kindsOf(config, targetsOf(config));
  assertEquals(kinds.length, n_magics);
  assertEquals(new Set(kinds.map(({ probe }) => probe)), new Set([PROBE.PT_INTERP]));
  assertEquals(new Set(kinds.map(({ target }) => target)).size, MACHINES.length);
});

Deno.test("kindsOf() tries formats by name, by extension or magic", () => {
  const formats = { z: format({ extension: "z" }), a: format({ magic: MZ }) };
  assertEquals(formatKinds(formats), [["magic", "a"], ["z", "z"]]);
});

Deno.test("kindsOf() makes one kind of windows and dotnet", () => {
  const windows = format({ magic: MZ });
  const dotnet = format({ magic: MZ, clr: true });
  const used = { ...dotnet, interpreter: ["x"] };
  assertEquals(formatKinds({ windows, dotnet: used }), [["magic", "windows", "dotnet"]]);
  // Also where a rule's interpreter may run it, though the format names none.
  assertEquals(formatKinds({ windows, dotnet }, ["dotnet"]), [["magic", "windows", "dotnet"]]);
  // Wine may run .NET programs too, if nothing else is made for them.
  assertEquals(formatKinds({ windows, dotnet }), [["magic", "windows"]]);
  assertEquals(formatKinds({ windows }), [["magic", "windows"]]);
  const alone = [["magic", "dotnet without a CLR header", "dotnet"]];
  assertEquals(formatKinds({ dotnet: used }), alone);
  assertEquals(formatKinds({ dotnet }), alone);
});

Deno.test("kindsOf() asks for a CLR header of files with an extension, too", () => {
  const dll = format({ extension: "dll", clr: true });
  assertEquals(formatKinds({ dll }), [["dll", "dll without a CLR header", "dll"]]);
});

Deno.test("kindsOf() looks at every bit where no mask is given", () => {
  const config = smallConfig({ formats: { a: format({ magic: MZ, offset: 3 }) } });
  const kind = kindsOf(config, targetsOf(config)).at(-1)!;
  assertEquals([kind.offset, ...kind.mask], [3, 0xff, 0xff]);
});
