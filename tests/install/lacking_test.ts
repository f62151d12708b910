import { assertEquals } from "@std/assert";
import { lackingOf } from "../../lib/install/lacking.ts";
import type { Considered, Decision, Verdict } from "../../lib/start/decision.ts";

/** A decision about an x86_64 program. Each candidate has an ID, a verdict and muvm's path. */
function decision(...candidates: readonly (readonly [string, Verdict, string?])[]): Decision {
  const considered = candidates.map(([id, verdict, muvm]) => (
    { candidate: { id, name: id.toUpperCase(), muvm }, verdict } as unknown as Considered
  ));
  return { program: { name: "x86_64" }, candidates: considered } as unknown as Decision;
}

const missing = (...groups: string[][]): Verdict => ({ kind: "missing", groups });

Deno.test("lackingOf() lists each interpreter once, in the candidates' order", () => {
  const found = lackingOf(decision(
    ["fex", missing(["/usr/bin/FEX"], ["/rootfs"])],
    ["box64", { kind: "conditions", conditions: ["dynamic"] }],
    ["qemu", { kind: "no loader", sysroots: ["/"] }],
    ["fex", missing(["/usr/bin/FEXInterpreter"])],
  ));
  assertEquals(found.map(({ need, groups, loader }) => [need.interpreter, groups, loader]), [
    ["fex", [["/usr/bin/FEXInterpreter"]], false],
    ["qemu", [], true],
  ]);
  assertEquals(found[0]?.need.target, "x86_64");
});

Deno.test("lackingOf() counts muvm if the candidate uses it", () => {
  const found = lackingOf(decision(
    ["fex", missing(["/usr/bin/FEX"])],
    ["other", missing(["/usr/bin/muvm"]), "/usr/bin/muvm"],
  ));
  assertEquals(found.map(({ throughMuvm }) => throughMuvm), [false, true]);
});

Deno.test("lackingOf() is empty if nothing that could be installed is missing", () => {
  assertEquals(lackingOf(decision(["fex", { kind: "muvm", why: "root" }])), []);
  assertEquals(lackingOf({ program: undefined } as unknown as Decision), []);
});
