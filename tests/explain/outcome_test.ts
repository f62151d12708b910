import { assertEquals } from "@std/assert";
import { report } from "./reports.ts";

Deno.test("outcomeOf() says what takes a program, by the entry that the kernel uses", () => {
  const names = ["older-entry", "newer-entry", "native", "native-taken", "script"];
  const results = names.map((name) => report(name).outcome.result);
  assertEquals(results, ["interpreter", "entry", "kernel", "entry", "script"]);
});

Deno.test("outcomeOf() says why a start fails before any interpreter is tried", () => {
  const whys = ["not-executable", "noexec", "interpreter-gone"].map((name) => {
    const { status, why } = report(name).outcome;
    return `${status}: ${why}`;
  });
  assertEquals(whys, [
    "126: it is not marked as executable",
    "126: its file system is mounted with noexec",
    "127: /opt/\x1bhandler, the interpreter of binfmt-dispatcher-x86_64 in binfmt_misc, is missing",
  ]);
});
