import { assert, assertEquals } from "@std/assert";
import { NOTHING, startProcess } from "../lib/start_process.ts";

Deno.test("startProcess() starts a program with its arguments", async () => {
  const child = startProcess("/bin/sh", ["-c", "exit 7"], NOTHING, "do it");
  assert(child.ok);
  assertEquals((await child.value.status).code, 7);
});

Deno.test("startProcess() says why nothing was started", () => {
  const why = (path: string) => {
    const child = startProcess(path, [], NOTHING, "do it");
    return child.ok ? "started" : `${child.failure.what}: ${child.failure.why}`;
  };
  assertEquals(why("/nowhere"), "do it: /nowhere is not installed");
  assert(why("/etc/passwd").startsWith("do it: /etc/passwd cannot be started: "));
});
