import { assertEquals } from "@std/assert";
import { exitStatus, type FailureCode, findRendered, render } from "../lib/failure.ts";

Deno.test("render() says in one line what failed and why, and below it what to do", () => {
  const failure = {
    code: "unreadable",
    what: "read “/etc/x.toml”",
    why: "it is a directory",
  } as const;
  assertEquals(
    render(failure),
    "binfmt-dispatcher: Cannot read “/etc/x.toml”: it is a directory\n",
  );
  assertEquals(
    render({ ...failure, hint: "Remove it." }),
    "binfmt-dispatcher: Cannot read “/etc/x.toml”: it is a directory\n  Remove it.\n",
  );
});

Deno.test("render() escapes what a terminal would obey", () => {
  const said = render({ code: "internal", what: "a\x1b[2J", why: "b\r\n", hint: "c\u202e" });
  assertEquals(said, "binfmt-dispatcher: Cannot a\\u001b[2J: b\\u000d\\u000a\n  c\\u202e\n");
});

Deno.test("findRendered() finds the last output of render() among other text", () => {
  const failure = { code: "internal", what: "a", why: "b: c" } as const;
  const before = `Reading package lists...\n${render({ ...failure, why: "earlier" })}`;
  assertEquals(findRendered(before + render(failure)), { told: { why: "b: c" }, before });
  const hint = "Do d.";
  const told = { why: "b: c", hint };
  assertEquals(findRendered(before + render({ ...failure, hint })), { told, before });
  assertEquals(findRendered("E: Unable to locate package\n"), undefined);
});

/** As the man page says. */
const STATUSES: Readonly<Record<FailureCode, number>> = {
  "config": 1,
  "unreadable": 1,
  "not-installed": 1,
  "usage": 2,
  "refused": 2,
  "internal": 125,
  "not-a-program": 126,
  "cannot-run": 126,
  "declined": 126,
  "not-found": 127,
  "no-interpreter": 127,
};

Deno.test("exitStatus() tells apart wrong usage, failures and programs that do not run", () => {
  for (const [code, status] of Object.entries(STATUSES) as [FailureCode, number][]) {
    assertEquals(exitStatus({ code, what: "", why: "" }), status, code);
  }
});
