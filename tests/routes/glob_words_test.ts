import { assertEquals } from "@std/assert";
import { GLOB_BYTE } from "../../lib/routes/format.ts";
import { globWords } from "../../lib/routes/glob_words.ts";

const { ANY, CLASS, STAR, STARS, DIRECTORIES } = GLOB_BYTE;

Deno.test("globWords() writes a pattern as in a rule's path", () => {
  const code = [
    ...[0x2f, DIRECTORIES, 0xc3, 0xa9, STAR, ANY, STARS],
    ...[CLASS, 2, 0x61, 0x63, 0x78, 0x78, 0x0a],
  ];
  assertEquals(globWords(Uint8Array.from(code)), "/**/é*?**[a-cx]\\u000a");
});

Deno.test("globWords() accepts any bytes and escapes those that are not UTF-8", () => {
  assertEquals(globWords(Uint8Array.of(CLASS, 1, 0x80, 0xff)), "[\\x80-\\xff]");
  assertEquals(globWords(Uint8Array.of(CLASS)), "[]");
  assertEquals(globWords(Uint8Array.of(CLASS, 9, 0x61, 0x62)), "[a-b]");
  assertEquals(globWords(Uint8Array.of(0xff, 0xc3)), "\\xff\\xc3");
});
