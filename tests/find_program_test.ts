import { assertEquals } from "@std/assert";
import { findProgram } from "../lib/find_program.ts";
import { FakeEnvironment } from "./fake_environment.ts";

const SYSTEM = new FakeEnvironment({
  files: {
    "/usr/bin/tool": { content: "", mode: 0o755 },
    "/opt/bin/tool": { content: "", mode: 0o644 },
    "/opt/bin/directory/x": "",
    "/dev/fifo": { kind: "other" },
  },
  variables: { PATH: "/nowhere:/opt/bin:/usr/bin" },
});

function found(program: string): string {
  const result = findProgram(program, SYSTEM);
  return result.ok ? result.value : `${result.failure.code}: ${result.failure.why}`;
}

Deno.test("findProgram() takes a path as it is", () => {
  assertEquals(found("/opt/bin/tool"), "/opt/bin/tool");
  assertEquals(found("/opt/bin/none"), "not-found: no such file");
  assertEquals(found("/opt/bin/directory"), "not-a-program: it is a directory");
  assertEquals(found("/dev/fifo"), "not-a-program: it is not a regular file");
});

Deno.test("findProgram() looks up a name in PATH and skips files that are not executable", () => {
  assertEquals(found("tool"), "/usr/bin/tool");
  assertEquals(found("directory"), "not-found: not found in PATH");
  assertEquals(found("none"), "not-found: not found in PATH");
});
