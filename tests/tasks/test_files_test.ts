import { assert, assertEquals } from "@std/assert";
import { isThere, testFiles } from "../../tasks/test_files.ts";

Deno.test("testFiles() finds all test files below a folder, and nothing else", () => {
  const found = testFiles("tests/tasks/");
  assert(found.includes("tests/tasks/test_files_test.ts"), found.join(" "));
  assertEquals(found, [...found].sort());
  const all = testFiles("tests");
  assert(found.every((path) => all.includes(path)));
  assert(all.every((path) => path.endsWith("_test.ts")), all.join(" "));
});

Deno.test("testFiles() takes a file as it is", () => {
  assertEquals(testFiles("tests/main_test.ts"), ["tests/main_test.ts"]);
  assert(isThere("tests/main_test.ts") && !isThere("tests/mian_test.ts"));
});
