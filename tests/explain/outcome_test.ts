import { assertEquals } from "@std/assert";
import { report } from "./reports.ts";

Deno.test("outcomeOf() says what takes a program, by the entry that the kernel uses", async () => {
  const results: string[] = [];
  for (const name of ["older-entry", "newer-entry", "native", "native-taken", "script"]) {
    results.push((await report(name)).outcome.result);
  }
  assertEquals(results, ["interpreter", "entry", "kernel", "entry", "script"]);
});

Deno.test("outcomeOf() says why a start fails before any interpreter is tried", async () => {
  const whys: (string | undefined)[] = [];
  for (const name of ["not-executable", "noexec", "interpreter-gone"]) {
    const { outcome } = await report(name);
    whys.push(`${outcome.status}: ${outcome.why}`);
  }
  assertEquals(whys, [
    "126: it is not marked as executable",
    "126: its file system is mounted with noexec",
    "127: /opt/\x1bhandler, the interpreter of binfmt-dispatcher-x86_64 in binfmt_misc, is missing",
  ]);
});
