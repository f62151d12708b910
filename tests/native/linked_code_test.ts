import { assertEquals, assertThrows } from "@std/assert";
import { imageOf } from "../../lib/native/elf_image.ts";
import { decodeCode, encodeCode } from "../../lib/native/linked_code.ts";
import { Program } from "../../lib/native/program.ts";
import { TARGETS } from "./execute.ts";

for (const host of TARGETS) {
  Deno.test(`decodeCode() undoes encodeCode() for ${host}`, () => {
    const p = new Program(host);
    const stack = p.variable("stack"), address = p.variable("address");
    p.buffer("buffer", 5000);
    p.entry(stack, () => {
      p.set(address, p.text("a constant: ä, \u{10ffff}"));
      p.readOption(address, stack, 1);
      p.syscall(stack, "exit_group", 0);
    });
    const code = p.code();
    const decoded = decodeCode(encodeCode(code));
    assertEquals(decoded, code);
    const options = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    assertEquals(imageOf(decoded, options), imageOf(code, options));
    assertEquals(encodeCode(code), encodeCode(code));
  });
}

Deno.test("decodeCode() rejects what encodeCode() does not write", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assertThrows(() => decodeCode(bytes("")), SyntaxError);
  assertThrows(() => decodeCode(bytes('{"text":"*","rodata":""}')), SyntaxError);
  assertThrows(() => decodeCode(Uint8Array.of(0xff)), TypeError);
});
