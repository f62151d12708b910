import { assertEquals } from "@std/assert";
import { lastLines } from "../../../lib/install/managers/last_lines.ts";

Deno.test("lastLines() takes the last lines that are not blank", () => {
  assertEquals(lastLines("a\n\n b\r\n \t\nc", 2), [" b", "c"]);
  assertEquals(lastLines("a\n", 5), ["a"]);
  assertEquals(lastLines("", 5), []);
  assertEquals(lastLines("a\nb", 0), []);
});

Deno.test("lastLines() takes a line as it was drawn last", () => {
  const dpkg = "(Reading database ... 5%\r(Reading database ... 147277 files.)\nSetting up\n";
  assertEquals(lastLines(dpkg, 5), ["(Reading database ... 147277 files.)", "Setting up"]);
  assertEquals(lastLines("50%\r100%\r", 1), ["100%"]);
  assertEquals(lastLines("50%\r    \r", 1), ["50%"]);
});

Deno.test("lastLines() drops escape sequences, and makes other control characters visible", () => {
  const coloured = "\x1b[1;31merror:\x1b[0m no\x1b[K\x1b]0;title\x07\x1b]8;;x\x1b\\ \x1b(B\x1b7!";
  assertEquals(lastLines(coloured, 1), ["error: no !"]);
  assertEquals(lastLines("a\x08\x9b31m\u202eb\x1b", 1), [
    "a\\u0008\\u009b31m\\u202eb\\u001b",
  ]);
  assertEquals(lastLines("a\tb", 1), ["a  b"]);
});

Deno.test("lastLines() cuts long lines and reads long outputs", () => {
  assertEquals(lastLines("x".repeat(10_000), 1), [`${"x".repeat(500)}…`]);
  const many = "line\n".repeat(1_000_000);
  assertEquals(lastLines(many, 3), ["line", "line", "line"]);
});
