import { assertEquals } from "@std/assert";
import { muvmStart, resolver, start } from "../../lib/doctor/starts.ts";
import type { Tried } from "../../lib/environment.ts";
import { failed, type Result, success } from "../../lib/failure.ts";
import { configOf } from "../config/load_config.ts";
import { judge } from "./judge.ts";

const config = configOf("");
const REFUSED = failed({ code: "refused", what: "try", why: "not here" });

function tried(change: Partial<Tried> = {}): Result<Tried> {
  return success({ errno: 0, status: 0, signal: null, ...change });
}

Deno.test("start: what the kernel does with each entry's probe", () => {
  const entry = "binfmt-dispatcher-arm";
  const ask = (result: Result<Tried> | undefined) =>
    judge(start, { starts: [{ entry, tried: result }], config: { config } } as never);
  const enable = "binfmt-dispatcher enable arm";
  assertEquals(ask(tried()), [`good: ${entry}: the handler answers`]);
  assertEquals(ask(tried({ errno: 8 })), [
    `bad: ${entry}: the kernel does not recognise such programs -> ${enable}`,
  ]);
  assertEquals(ask(tried({ errno: 2 })), [
    `bad: ${entry}: its interpreter is missing -> ${enable}`,
  ]);
  const other = `bad: ${entry}: the kernel does not start this version of the handler`;
  assertEquals(ask(tried({ status: 3 })), [`${other}: it exits with status 3 -> ${enable}`]);
  assertEquals(ask(tried({ signal: "SIGSEGV" })), [
    `${other}: it is killed by SIGSEGV -> ${enable}`,
  ]);
  assertEquals(ask(tried({ signal: "SIGALRM" })), [`${other}: it does not exit -> ${enable}`]);
  for (const result of [undefined, REFUSED, tried({ errno: 13 })]) {
    assertEquals(ask(result)[0]?.slice(0, 8), "unknown:");
  }
  assertEquals(judge(start, { starts: [], config: { config } } as never).length, 1);
});

Deno.test("resolver: absent, stripped, not tried, broken, good", () => {
  const file = { kind: "file" };
  const ask = (facts: object) => judge(resolver, { resolver: { file, ...facts } } as never)[0];
  const program = "/usr/bin/binfmt-dispatcher";
  assertEquals(ask({ stripped: false, tried: tried() }), `good: ${program} starts`);
  assertEquals(ask({ stripped: true, tried: tried() }), `good: ${program} starts`);
  assertEquals(
    ask({ stripped: true, tried: tried({ status: 1 }) })?.slice(0, 46),
    `bad: ${program} was stripped: `,
  );
  assertEquals(
    ask({ stripped: false, tried: tried({ status: 1 }) }),
    `bad: ${program}: it exits with status 1 -> To see why: ${program} --version`,
  );
  assertEquals(ask({ stripped: false, tried: REFUSED })?.slice(0, 8), "unknown:");
  assertEquals(ask({ file: "absent" })?.slice(0, 4), "bad:");
});

Deno.test("muvm-start: its own message if it fails", () => {
  assertEquals(judge(muvmStart, { machine: success({}) } as never), [
    "good: the virtual machine runs",
  ]);
  const machine = failed({ code: "cannot-run", what: "start", why: "no", hint: "Do" });
  assertEquals(judge(muvmStart, { machine } as never), ["bad: no -> Do"]);
});
