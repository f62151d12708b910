import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { elfLayout, imageOf, optionOffset } from "../../lib/native/elf_image.ts";
import type { LinkedCode } from "../../lib/native/linked_code.ts";
import { type Host, Program } from "../../lib/native/program.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";
import { execute, neededFor, TARGETS } from "./execute.ts";

const STRIP: Record<Host, string> = { x86_64: "strip", aarch64: "aarch64-linux-gnu-strip" };

/** A program that prints a text, with a procedure, a large buffer, constants and variables. */
function sample(host: Host, text = "hello\n"): LinkedCode {
  const p = new Program(host);
  const stack = p.variable("stack"), result = p.variable("result"), length = p.variable("length");
  const large = p.buffer("large_buffer", 6 * 1024 * 1024);
  const say = p.procedure("say_hello", [length], () => {
    p.syscall(result, "write", 1, p.text(text), length);
    p.write(1, large, 1, 6 * 1024 * 1024 - 1);
  });
  p.entry(stack, () => {
    p.call(say, new TextEncoder().encode(text).length);
    p.syscall(result, "exit_group", 7);
  });
  return p.code();
}

function withoutSymbols(code: LinkedCode): LinkedCode {
  return { ...code, symbols: [] };
}

function withFile<T>(bytes: Uint8Array, use: (path: string) => T | Promise<T>): Promise<T> {
  return inTemporaryDirectory(async (directory) => {
    const path = `${directory}/image`;
    await Deno.writeFile(path, bytes, { mode: 0o755 });
    return await use(path);
  });
}

/** The standard output of a program that succeeds without a word on standard error. */
function output(program: string, ...args: string[]): string {
  const command = new Deno.Command(program, { args, env: { LC_ALL: "C" } });
  const { success, stdout, stderr } = command.outputSync();
  assertEquals([success, new TextDecoder().decode(stderr)], [true, ""], program);
  return new TextDecoder().decode(stdout);
}

for (const host of TARGETS) {
  for (const symbols of [false, true]) {
    test({
      name: `readelf accepts an image for ${host}${symbols ? " with symbols" : ""}`,
      needs: ["binutils"],
      async fn() {
        const options = [new TextEncoder().encode("/an/option"), new Uint8Array(0)];
        const code = symbols ? sample(host) : withoutSymbols(sample(host));
        const text = await withFile(
          imageOf(code, symbols ? options : []),
          (path) => output("readelf", "--wide", "--all", path),
        );
        assertEquals(text.match(/.*(?:warning|error|corrupt|<unknown).*/gi), null);
        assertEquals(/ {2}GNU +0x00000014\s+NT_GNU_BUILD_ID/.test(text), true);
        assertEquals(/GNU_STACK .* RW /.test(text), true);
        assertEquals(/ say_hello$/m.test(text), symbols);
        // 10 bytes and 2 · 16 bytes of table; in the segment with .text and .rodata.
        const size = symbols ? "00002a" : "000000";
        assertEquals(text.match(/ \.options +PROGBITS +\w+ \w+ (\w+) 00 +A /)?.[1], size);
        if (symbols) assertEquals(/ {3}00 .*\.options \.text \.rodata $/m.test(text), true, text);
      },
    });
  }

  test({
    name: `an image for ${host} has no segment that is writable and executable`,
    needs: [],
    fn() {
      const segments = programHeaders(imageOf(sample(host)));
      assertEquals(segments.map(({ type, flags }) => [type, flags]), [
        [PT_LOAD, PF_R | PF_X],
        [PT_LOAD, PF_R | PF_W],
        [PT_NOTE, PF_R],
        [PT_GNU_STACK, PF_R | PF_W],
      ]);
      const [code, data] = segments;
      assertEquals([code!.align, data!.align], [0x1_0000, 0x1_0000]);
      assertEquals([code!.address % 0x1_0000, data!.address % 0x1_0000], [0, 0]);
      assertEquals(data!.fileSize, 0);
      assertEquals(data!.memorySize > 6 * 1024 * 1024, true);
    },
  });

  test({
    name: `nm lists the symbols of an image for ${host} if it has any`,
    needs: ["binutils"],
    async fn() {
      const nm = (code: LinkedCode) =>
        withFile(imageOf(code), (path) => {
          const command = new Deno.Command("nm", { args: ["--format=posix", path] });
          return new TextDecoder().decode(command.outputSync().stdout).split("\n")
            .map((line) => line.split(" ").slice(0, 2).join(" ")).filter((line) => line !== "");
        });
      const link = host === "aarch64" ? ["say_hello.return b"] : [];
      const expected = [
        ...["_start T", "large_buffer b", "length b", "result b", "say_hello t"],
        ...link,
        "stack b",
      ];
      assertEquals((await nm(sample(host))).sort(), expected.sort());
      assertEquals(await nm(withoutSymbols(sample(host))), []);
    },
  });

  test({
    name: `an image for ${host} runs, as written and stripped`,
    needs: [...neededFor(host), host === "x86_64" ? "binutils" : "binutils-aarch64"],
    async fn() {
      for (const code of [sample(host), withoutSymbols(sample(host))]) {
        const image = imageOf(code);
        const stripped = await withFile(image, (path) => {
          output(STRIP[host], path);
          return Deno.readFile(path);
        });
        for (const file of [image, stripped]) {
          const { status, text } = execute(host, file);
          assertEquals([status, text], [7, "hello\n"]);
        }
      }
    },
  });

  Deno.test(`equal programs give equal bytes for ${host}, others another build ID`, () => {
    const first = imageOf(sample(host));
    assertEquals(imageOf(sample(host)), first);
    assertNotEquals(buildId(imageOf(sample(host, "hallo\n"))), buildId(first));
    assertEquals(buildId(first).some((byte) => byte !== 0), true);
  });
}

test({
  name: "gdb stops at a procedure by its name and shows a variable's value",
  needs: ["gdb", "x86_64"],
  async fn() {
    const text = await withFile(imageOf(sample("x86_64")), (path) =>
      output(
        "gdb",
        ...["-nx", "-batch", "-ex", "break say_hello", "-ex", "run", "-ex", "print (long)length"],
        ...["-ex", "info symbol $pc", "-ex", "info symbol &large_buffer", path],
      ));
    assertEquals(/Breakpoint 1, 0x[0-9a-f]+ in say_hello \(\)/.test(text), true, text);
    assertEquals(/\$1 = 6/.test(text), true, text);
    assertEquals(/^say_hello in section \.text/m.test(text), true, text);
    assertEquals(/^large_buffer in section \.bss/m.test(text), true, text);
  },
});

const LOWEST = 0x40_0000, TEXT = LOWEST + 0x800_1000;

Deno.test("elfLayout() puts segments on separate pages and ends at 2 GiB", () => {
  const small = elfLayout(1, 1, 8), large = elfLayout(100_000, 5, 8);
  for (const { text, rodata, options, bss } of [small, large]) {
    assertEquals([rodata % 16, options % 16, bss % 0x1_0000], [0, 0, 0]);
    assertEquals(options < text && text < rodata && rodata < bss, true);
    assertEquals(text, TEXT);
  }
  const most = 2 ** 31 - small.bss;
  assertEquals(elfLayout(1, 1, most), small);
  assertThrows(() => elfLayout(1, 1, most + 1), RangeError, "buffers: they end 1 bytes too far");
});

const SMALL: LinkedCode = {
  host: "x86_64",
  e_machine: 62,
  text: Uint8Array.of(1, 2, 3),
  rodata: Uint8Array.of(4, 5),
  bssSize: 8,
  entry: TEXT,
  symbols: [],
  options: 0,
};

Deno.test("imageOf() puts text and constants where elfLayout() says", () => {
  const { text, rodata } = elfLayout(3, 2, 8);
  const file = imageOf(SMALL), base = programHeaders(file)[0]!.address;
  assertEquals([...file.subarray(text - base, text - base + 3)], [1, 2, 3]);
  assertEquals([...file.subarray(rodata - base, rodata - base + 2)], [4, 5]);
  assertEquals(programHeaders(file)[0]!.fileSize, rodata - base + 2);
  assertEquals(new DataView(file.buffer).getBigUint64(24, true), BigInt(TEXT)); // e_entry
});

Deno.test("imageOf() writes the options' bytes, then a table of addresses and lengths", () => {
  const file = imageOf(SMALL, [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)]);
  const { address: base } = programHeaders(file)[0]!;
  const { options } = elfLayout(3, 2, 8);
  const entry = (index: number) => {
    const at = options + optionOffset(index) - base;
    return [...new BigUint64Array(file.slice(at, at + 16).buffer)].map(Number);
  };
  const bytes = TEXT - 3 * 16 - 4;
  assertEquals([0, 1, 2].map(entry), [[bytes, 3], [bytes + 3, 0], [bytes + 3, 1]]);
  assertEquals([...file.subarray(bytes - base, bytes - base + 4)], [1, 2, 3, 4]);
});

Deno.test("imageOf() puts code and .bss in the same place with any options", () => {
  const none = imageOf(SMALL), some = imageOf(SMALL, [new Uint8Array(100_000)]);
  const [code, bss] = programHeaders(none), [longer, same] = programHeaders(some);
  assertEquals([code!.address, longer!.address], [0x840_0000, 0x83e_0000]);
  const end = (file: Uint8Array, { fileSize }: { fileSize: number }) =>
    file.subarray(fileSize - (elfLayout(3, 2, 8).rodata + 2 - TEXT), fileSize);
  assertEquals(end(some, longer!), end(none, code!));
  assertEquals([same!.address, same!.memorySize], [bss!.address, bss!.memorySize]);
  assertNotEquals(buildId(some), buildId(none));
  assertEquals(imageOf(SMALL, [new Uint8Array(100_000)]), some);
});

Deno.test("imageOf() rejects options below the lowest address, and too few options", () => {
  const headers = 64 + 4 * 56 + 36;
  const room = TEXT - LOWEST - headers - 16;
  assertEquals(programHeaders(imageOf(SMALL, [new Uint8Array(room)]))[0]!.address, LOWEST);
  const one = [new Uint8Array(room + 1)];
  assertThrows(() => imageOf(SMALL, one), RangeError, "options: they begin 65536 bytes too early");
  const said = "the code reads 2, given are 1";
  assertThrows(() => imageOf({ ...SMALL, options: 2 }, [Uint8Array.of(1)]), RangeError, said);
});

const PT_LOAD = 1, PT_NOTE = 4, PT_GNU_STACK = 0x6474_e551;
const PF_X = 1, PF_W = 2, PF_R = 4;

/** The fields of each Elf64_Phdr, at the offsets of the gABI. */
function programHeaders(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset);
  const long = (at: number) => Number(view.getBigUint64(at, true));
  return Array.from({ length: view.getUint16(56, true) }, (_, i) => {
    const at = long(32) + i * view.getUint16(54, true);
    return {
      type: view.getUint32(at, true),
      flags: view.getUint32(at + 4, true),
      offset: long(at + 8),
      address: long(at + 16),
      fileSize: long(at + 32),
      memorySize: long(at + 40),
      align: long(at + 48),
    };
  });
}

function buildId(file: Uint8Array): number[] {
  const { offset } = programHeaders(file).find(({ type }) => type === PT_NOTE)!;
  return [...file.subarray(offset + 16, offset + 36)];
}
