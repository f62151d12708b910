import { assert, assertEquals } from "@std/assert";
import type { Rule } from "../../lib/config/config.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { interpreterLists } from "../../lib/explain/lists.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { decide } from "../../lib/start/decide.ts";
import { gather } from "../../lib/start/gather.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";

const LAYER = `
[defaults]
interpreter = ["q"]
[machines.x86_64]
interpreter = ["b", "s"]
[interpreters.b]
path = "/b"
linkage = "dynamic"
[interpreters.s]
path = "/s"
machines = "riscv64"
[interpreters.q]
path = "/q-{machine}"
[binaries.game]
path = "/game"
interpreter = "s"
`;

function states(content: Uint8Array, picked = false): string[] {
  const files = { "/etc/binfmt-dispatcher.toml": LAYER, "/game": { content, mode: 0o755 } };
  const environment = new FakeEnvironment({ files });
  const effective = loadConfig(environment, { user: false });
  const gathered = gather("/game", environment);
  const compiled = compileRoutes(effective);
  assert(gathered.ok && compiled.ok);
  const decision = decide(compiled.value.table, gathered.value.facts);
  assert(decision.ok);
  const rule: Rule = effective.config.rules[0]!;
  return interpreterLists(effective.config, rule, decision.value, picked)
    .map(({ key, state }) => `${key} ${state}`);
}

Deno.test("interpreterLists() says which list applies by machine", () => {
  assertEquals(states(headersOf("riscv64")), [
    "binaries.game.interpreter serves",
    "defaults.interpreter not asked",
  ]);
  assertEquals(states(headersOf("s390x")), [
    "binaries.game.interpreter passed over",
    "defaults.interpreter serves",
  ]);
});

Deno.test("interpreterLists() says which list applies by linkage", () => {
  assertEquals(states(headersOf("x86_64", { interp: "/ld" })), [
    "binaries.game.interpreter passed over",
    "machines.x86_64.interpreter serves",
    "defaults.interpreter not asked",
  ]);
  assertEquals(states(headersOf("x86_64")), [
    "binaries.game.interpreter passed over",
    "machines.x86_64.interpreter passed over",
    "defaults.interpreter serves",
  ]);
});

Deno.test("interpreterLists() consults no list if there is an override", () => {
  assertEquals(states(headersOf("riscv64"), true), [
    "binaries.game.interpreter not asked",
    "defaults.interpreter not asked",
  ]);
});
