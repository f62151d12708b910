/** Images that read their options: see imageOf(). */
import { assertEquals } from "@std/assert";
import { imageOf } from "../../lib/native/elf_image.ts";
import { decodeCode, encodeCode, type LinkedCode } from "../../lib/native/linked_code.ts";
import type { Host } from "../../lib/native/program.ts";
import { test } from "../abilities.ts";
import { execute, neededFor, TARGETS } from "./execute.ts";
import { StructuredProgram } from "./structured_program.ts";

/** A program that prints these options, in this order. */
function printer(host: Host, order: readonly number[]): LinkedCode {
  const p = new StructuredProgram(host);
  const stack = p.variable("stack"), address = p.variable("address"), length = p.variable("length");
  const written = p.variable("written");
  p.entry(stack, () => {
    for (const index of order) {
      p.readOption(address, length, index);
      p.while(length, "s>", 0, () => {
        p.syscall(written, "write", 1, address, length);
        p.if(written, "s<=", 0, () => p.trap());
        p.do(address, address, "+", written);
        p.do(length, length, "-", written);
      });
    }
    p.syscall(stack, "exit_group", 0);
  });
  return p.code();
}

const bytes = (text: string) => new TextEncoder().encode(text);

for (const host of TARGETS) {
  const needs = neededFor(host);

  test({
    name: `the same code prints each image's own options on ${host}`,
    needs,
    fn() {
      const code = decodeCode(encodeCode(printer(host, [2, 0, 1, 0])));
      const print = (...options: string[]) => {
        const { status, text } = execute(host, imageOf(code, options.map(bytes)));
        assertEquals(status, 0);
        return text;
      };
      assertEquals(print("a", "bc", "d"), "dabca");
      assertEquals(print("/a/path\0", "", "ä", "not read"), "ä/a/path\0/a/path\0");
      assertEquals(print("", "", ""), "");
    },
  });

  test({
    name: `an option of 20 MB is complete on ${host}`,
    needs,
    fn() {
      const large = new Uint8Array(20_000_000).map((_, i) => i * 31 >> 5);
      const image = imageOf(printer(host, [1, 0]), [bytes("end"), large]);
      const { status, stdout } = execute(host, image);
      assertEquals(status, 0);
      assertEquals(stdout.length, large.length + 3);
      assertEquals(stdout.subarray(0, large.length).every((byte, i) => byte === large[i]), true);
      assertEquals([...stdout.subarray(large.length)], [...bytes("end")]);
    },
  });

  test({
    name: `code that reads no options runs with and without them on ${host}`,
    needs,
    fn() {
      const code = printer(host, []);
      assertEquals(code.options, 0);
      for (const image of [imageOf(code), imageOf(code, [bytes("unread")])]) {
        assertEquals(execute(host, image).status, 0);
      }
    },
  });
}
