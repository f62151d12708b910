import { assert, assertEquals } from "@std/assert";
import { findTests } from "../../tasks/find_tests.ts";

Deno.test("findTests() finds all test files below a directory, and nothing else", () => {
  const found = findTests("tests/tasks/");
  assert(found.includes("tests/tasks/find_tests_test.ts"), found.join(" "));
  assertEquals(found, [...found].sort());
  const all = findTests("tests");
  assert(found.every((path) => all.includes(path)));
  assert(all.every((path) => path.endsWith("_test.ts")), all.join(" "));
});

Deno.test("findTests() takes a file as it is", () => {
  assertEquals(findTests("tests/main_test.ts"), ["tests/main_test.ts"]);
});
