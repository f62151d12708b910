import { assert, assertEquals } from "@std/assert";
import { MACHINES, NATIVE } from "../../../lib/elf/machines.ts";
import { headersOf } from "../../programs.ts";
import { HOST, Stage } from "../stage.ts";

Deno.test("findKind() knows every machine by its header", async () => {
  // The handler executes a native program directly.
  const names = MACHINES.map(({ name }) => name).filter((name) => !NATIVE[HOST]!.includes(name));
  const interpreters = names.map((name) =>
    `[interpreters.i-${name}]\npath = "$/interpreter"\nargs = ["${name}"]\n` +
    `machines = ["${name}"]\n` +
    `[machines.${name}]\ninterpreter = "i-${name}"`
  );
  using stage = new Stage(interpreters.join("\n"));
  const seen = [];
  for (const name of names) {
    const program = stage.write(`program-${name}`, headersOf(name), 0o755);
    seen.push((await stage.handle([program])).report?.argv[1]);
  }
  assertEquals(seen, names);
});

const FORMATS = `[interpreters.java]
path = "$/interpreter"
args = ["-jar", "{program}"]
[interpreters.wine]
path = "$/interpreter"
args = ["wine", "{program}"]
[interpreters.mono]
path = "$/interpreter"
args = ["mono", "{program}"]
[formats.jar]
extension = "jar"
interpreter = "java"
[formats.windows]
magic = "MZ"
interpreter = "wine"
[formats.dotnet]
magic = "MZ"
clr = true
interpreter = "mono"`;

/** A PE file's headers; with the address of a CLR header it is a .NET program. */
function pe(optional_magic: number, clr_header: number): Uint8Array {
  const at = 0x80;
  const bytes = new Uint8Array(at + 24 + 240);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x5a]);
  view.setUint32(0x3c, at, true);
  view.setUint32(at, 0x4550, true);
  view.setUint16(at + 24, optional_magic, true);
  const wide = optional_magic === 0x20b;
  view.setUint32(at + 24 + (wide ? 108 : 92), 16, true);
  view.setUint32(at + 24 + (wide ? 112 : 96) + 14 * 8, clr_header, true);
  return bytes;
}

Deno.test("findKind() knows formats by extension, magic and CLR header", async () => {
  using stage = new Stage(FORMATS);
  const first = async (name: string, bytes: Uint8Array) =>
    (await stage.handle([stage.write(name, bytes, 0o755)])).report?.argv[1];
  assertEquals(await first("a.b/program.jar", new Uint8Array([1])), "-jar");
  for (const magic of [0x10b, 0x20b]) {
    assertEquals(await first("windows.exe", pe(magic, 0)), "wine");
    assertEquals(await first("dotnet.exe", pe(magic, 0x2008)), "mono");
  }
  assertEquals(await first("short.exe", new Uint8Array([0x4d, 0x5a])), "wine");
});

Deno.test("findKind() rejects a file of an unknown kind", async () => {
  using stage = new Stage(FORMATS);
  for (const [name, bytes] of [["text", [0x23, 0x21]], ["empty", []], ["jar", [1]]] as const) {
    const program = stage.write(name, new Uint8Array(bytes), 0o755);
    const { status, stderr } = await stage.handle([program]);
    assertEquals(status, 126);
    assert(stderr.includes("unrecognised program format"), stderr);
  }
});
