import { assertEquals } from "@std/assert";
import { faultLine } from "../../lib/config/fault_line.ts";

const FAULT = {
  severity: "error",
  file: "/etc/x.toml",
  line: 3,
  key: "a.b",
  message: "found 1, expected 2",
  did_you_mean: undefined,
} as const;

Deno.test("faultLine() says file, line, key, what is wrong and what was meant", () => {
  assertEquals(faultLine(FAULT), "/etc/x.toml:3: a.b: found 1, expected 2");
  assertEquals(
    faultLine({ ...FAULT, severity: "warning", did_you_mean: "c" }),
    "/etc/x.toml:3: warning: a.b: found 1, expected 2 (did you mean “c”?)",
  );
});

Deno.test("faultLine() leaves out what a whole file has not", () => {
  assertEquals(faultLine({ ...FAULT, line: 0, key: "", message: "bad" }), "/etc/x.toml: bad");
});
