import { assertEquals } from "@std/assert";
import { isExecutable } from "../lib/is_executable.ts";
import { FakeEnvironment } from "./fake_environment.ts";

Deno.test("isExecutable() accepts regular files that somebody may execute", () => {
  const environment = new FakeEnvironment({
    files: {
      "/a": { mode: 0o755 },
      "/b": { mode: 0o644 },
      "/c": { mode: 0o001 },
      "/d": { kind: "directory", mode: 0o755 },
      "/e": { link: "/a" },
    },
  });
  const executable = ["/a", "/b", "/c", "/d", "/e", "/f"]
    .filter((path) => isExecutable(path, environment));
  assertEquals(executable, ["/a", "/c", "/e"]);
});
