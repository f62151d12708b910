import { assert, assertEquals } from "@std/assert";
import { NOTHING, readProcess, startProcess } from "../lib/start_process.ts";

Deno.test("startProcess() starts a program with its arguments", async () => {
  const child = startProcess("/bin/sh", ["-c", "exit 7"], NOTHING, "do it");
  assert(child.ok);
  assertEquals((await child.value.status).code, 7);
});

Deno.test("readProcess() gives what a program prints", () => {
  const printed = readProcess("/bin/sh", ["-c", 'printf "$1"', "sh", "a\\0b"], "do it");
  assertEquals(printed, { ok: true, value: new Uint8Array([0x61, 0, 0x62]) });
  const why = (script: string) => {
    const printed = readProcess("/bin/sh", ["-c", script], "do it");
    return printed.ok ? "it succeeded" : printed.failure.why;
  };
  assertEquals(why("echo part; exit 3"), "its exit status was 3");
  assertEquals(why("echo part; kill -ALRM $$"), "it was ended by SIGALRM");
  assertEquals(readProcess("/nowhere", [], "do it").ok, false);
});

Deno.test("startProcess() says why a program cannot be started", () => {
  const why = (path: string) => {
    const child = startProcess(path, [], NOTHING, "do it");
    return child.ok ? "started" : `${child.failure.what}: ${child.failure.why}`;
  };
  assertEquals(why("/nowhere"), "do it: /nowhere is not installed");
  assert(why("/etc/passwd").startsWith("do it: /etc/passwd cannot be started: "));
});
