import { assertEquals } from "@std/assert";
import { layers, tables } from "../../lib/doctor/configuration.ts";
import { judge } from "./judge.ts";

Deno.test("layers: each state has its finding", () => {
  const layer = (state: string) => ({ path: `/${state}`, kind: "admin", state, why: "so" });
  const states = ["read", "absent", "masked", "empty", "refused", "unreadable", "faulty"];
  const fault = (severity: string, key: string) => (
    { severity, file: "/f", line: 2, key, message: "wrong", did_you_mean: undefined }
  );
  const config = {
    layers: states.map(layer),
    faults: [fault("error", "a.b"), fault("warning", "c"), fault("error", "")],
    dangling: ["/a b"],
  };
  assertEquals(judge(layers, { config } as never), [
    "good: read: /read",
    "good: /masked is masked",
    "good: /empty is masked",
    "bad: /refused is ignored: so -> Let only you or root write it and its parent directories",
    "bad: /unreadable cannot be read: so -> chmod a+r /unreadable",
    "bad: /faulty is not a valid layer: so -> To see what is wrong: binfmt-dispatcher config check",
    "bad: /a b is a dangling link -> rm '/a b'",
    "bad: /f:2: a.b: wrong -> Edit /f, then: binfmt-dispatcher config check",
    "warning: /f:2: warning: c: wrong -> Edit /f, then: binfmt-dispatcher config check",
  ]);
  assertEquals(judge(layers, { config: { layers: [], faults: [], dangling: [] } }), [
    "warning: no layer is read -> Reinstall binfmt-dispatcher",
  ]);
});

Deno.test("tables: made, stale, not made yet, not stored, torn, left over", () => {
  const ask = (table: object | undefined, ...files: [string, string][]) =>
    judge(tables, {
      tables: { table, files: files.map(([path, state]) => ({ path, state })) },
    } as never);
  const next = { kept: "next", path: "/t" };
  assertEquals(ask(undefined), ["unknown: the handler could not be queried"]);
  assertEquals(ask({ kept: "made", path: "/t/routes" }), ["good: /t/routes is current"]);
  assertEquals(ask(next), ["good: there is none yet: the next start creates it in /t"]);
  assertEquals(ask(next, ["/t/routes", "whole"]), [
    "good: a layer has changed: the next start rebuilds it",
  ]);
  // Another user's, which does not help this one.
  assertEquals(ask(next, ["/other/routes", "whole"]), [
    "good: there is none yet: the next start creates it in /t",
  ]);
  assertEquals(ask({ kept: "never", why: "full" }), [
    "warning: none is kept, each start compiles one: full -> For users without a layer of their " +
    "own: /usr/libexec/binfmt-dispatcher/handler table",
  ]);
  assertEquals(ask(next, ["/t/a", "torn"], ["/t/new", "other"]).slice(1), [
    "warning: /t/a is corrupt and will be rebuilt -> rm /t/a",
    "good: /t/new is left over from another version or a killed start",
  ]);
});
