import { assertEquals } from "@std/assert";
import { diagnosticLine } from "../../lib/config/diagnostic_line.ts";

const FAULT = {
  severity: "error",
  file: "/etc/x.toml",
  line: 3,
  key: "a.b",
  message: "found 1, expected 2",
  did_you_mean: undefined,
} as const;

Deno.test("diagnosticLine() has file, line, key, what is wrong and what was meant", () => {
  assertEquals(diagnosticLine(FAULT), "/etc/x.toml:3: a.b: found 1, expected 2");
  assertEquals(
    diagnosticLine({ ...FAULT, severity: "warning", did_you_mean: "c" }),
    "/etc/x.toml:3: warning: a.b: found 1, expected 2 (did you mean “c”?)",
  );
});

Deno.test("diagnosticLine() has no line and no key for a whole file", () => {
  assertEquals(diagnosticLine({ ...FAULT, line: 0, key: "", message: "bad" }), "/etc/x.toml: bad");
});
