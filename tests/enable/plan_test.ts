import { assert, assertEquals } from "@std/assert";
import type { FormatState } from "../../lib/enable/format_state.ts";
import { type Named, plan } from "../../lib/enable/plan.ts";
import { failed, success } from "../../lib/failure.ts";

const STATE: FormatState = {
  name: "arm",
  lines: [":a:", ":b:"],
  shipped: "/usr/share/binfmt-dispatcher/binfmt.d/arm.conf",
  link: "none",
  takers: [],
  runner: "QEMU",
};
const ROOT = { uid: 0, here: true };
const UNKNOWN = failed({ code: "usage", what: "register “foo”", why: "there is no such format" });

function named(name: string, state: Named["state"], link: Named["link"] = "none"): Named {
  return { name, state, link };
}

Deno.test("plan() uses the shipped file, and an administrator's format's own lines", () => {
  const own = { ...STATE, name: "own", shipped: undefined };
  const steps = plan("enable", [named("arm", success(STATE)), named("own", success(own))], ROOT);
  assert(steps.ok);
  assertEquals(steps.value.map(({ name, file, text }) => [name, file, text]), [
    ["arm", STATE.shipped, undefined],
    ["own", "-", "# Made by: binfmt-dispatcher enable own\n:a:\n:b:\n"],
  ]);
});

Deno.test("plan() refuses users other than root, except for another root", () => {
  const names = [named("arm", success(STATE))];
  const refused = plan("disable", names, { uid: 1000, here: true });
  assert(!refused.ok);
  assertEquals(refused.failure.hint, "As root: binfmt-dispatcher disable arm");
  assert(plan("enable", names, { uid: 1000, here: false }).ok);
  // An unknown name is refused first: root could not enable it either.
  assertEquals(plan("enable", [named("foo", UNKNOWN)], { uid: 1000, here: true }), UNKNOWN);
});

Deno.test("plan() disables what the configuration no longer has, if its link exists", () => {
  assertEquals(plan("enable", [named("foo", UNKNOWN, "ours")], ROOT), UNKNOWN);
  assertEquals(plan("disable", [named("foo", UNKNOWN, "another's")], ROOT), UNKNOWN);
  const steps = plan("disable", [named("foo", UNKNOWN, "ours")], ROOT);
  assert(steps.ok);
  assertEquals(steps.value[0]?.file, "/etc/binfmt.d/zz-binfmt-dispatcher-foo.conf");
});

Deno.test("plan() plans nothing if one name is wrong", () => {
  const names = [named("arm", success(STATE)), named("foo", UNKNOWN)];
  assertEquals(plan("enable", names, ROOT), UNKNOWN);
});
