import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli";

Deno.test("parseArgs() gives options, flags and operands", () => {
  const options = {
    string: ["_", "root", "machine"],
    boolean: ["json", "help"],
    collect: ["machine"],
    alias: { h: "help" },
  };
  const none = { _: [], json: false, help: false, machine: [] };
  const args = (...args: string[]): Record<string, unknown> => ({ ...parseArgs(args, options) });
  assertEquals(args(), none);
  assertEquals(args("a", "--root", "/r", "1"), {
    ...none,
    _: ["a", "1"],
    root: "/r",
  });
  assertEquals(args("--root=/a=b", "--root=/r"), {
    ...none,
    root: "/r",
  });
  assertEquals(args("-h"), { ...none, h: true, help: true });
  assertEquals(args("--json", "x"), { ...none, _: ["x"], json: true });
  assertEquals(args("--json=true", "true"), {
    ...none,
    _: ["true"],
    json: true,
  });
  assertEquals(
    { ...args("--json", "true") },
    { ...none, json: true },
    "“true” after a flag is its value",
  );
  assertEquals(args("--machine", "a", "--machine=b"), {
    ...none,
    machine: ["a", "b"],
  });
  assertEquals(args("--root", "--json"), {
    ...none,
    root: "",
    json: true,
  });
  assertEquals(args("-"), { ...none, _: ["-"] });
});

Deno.test("parseArgs() stops early and separates what follows --", () => {
  const string = ["_", "root"];
  assertEquals({ ...parseArgs(["a", "--", "--root"], { string }) }, {
    _: ["a", "--root"],
  });
  assertEquals({ ...parseArgs(["a", "--", "b"], { string, "--": true }) }, {
    _: ["a"],
    "--": ["b"],
  });
  const early = { string, stopEarly: true, "--": true };
  assertEquals(
    { ...parseArgs(["--root", "/r", "a", "--x", "--", "b"], early) },
    {
      _: ["a", "--x"],
      root: "/r",
      "--": ["b"],
    },
  );
});

Deno.test("parseArgs() calls `unknown` with operands and unknown options", () => {
  const asked: unknown[] = [];
  const unknown = (...args: unknown[]) => {
    asked.push(args);
    return false;
  };
  const args = ["a", "--x=1", "--json", "--no-json", "-q"];
  const result = parseArgs(args, { string: ["_"], boolean: ["json"], unknown });
  assertEquals({ ...result }, { _: [], json: true });
  assertEquals(asked, [["a"], ["--x=1", "x", "1"], [
    "--no-json",
    "no-json",
    true,
  ], [
    "-q",
    "q",
    true,
  ]]);
});
