import { assertEquals } from "@std/assert";
import { lackingOf } from "../../lib/install/lacking.ts";
import type { Considered, Verdict } from "../../lib/routes/consider.ts";
import type { Decision } from "../../lib/routes/evaluate.ts";

/** Candidates by ID and verdict, of an x86_64 program. */
function decision(...candidates: readonly (readonly [string, Verdict, string?])[]): Decision {
  const considered = candidates.map(([id, verdict, wrapper]) => (
    { candidate: { id, name: id.toUpperCase(), wrapper }, verdict } as unknown as Considered
  ));
  return { program: { name: "x86_64" }, candidates: considered } as unknown as Decision;
}

const missing = (...groups: string[][]): Verdict => ({ kind: "missing", groups });

Deno.test("lackingOf() tells each interpreter once, in the candidates' order", () => {
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
  assertEquals(found[0]?.need.row, "x86_64");
});

Deno.test("lackingOf() counts muvm where it is the candidate's", () => {
  const [plain, wrapped] = ["fex", "other"].map((id) => id);
  const found = lackingOf(decision(
    [plain!, missing(["/usr/bin/FEX"])],
    [wrapped!, missing(["/usr/bin/muvm"]), "/usr/bin/muvm"],
  ));
  assertEquals(found.map(({ wrapped }) => wrapped), [false, true]);
});

Deno.test("lackingOf() is empty where nothing that could be installed is missing", () => {
  assertEquals(lackingOf(decision(["fex", { kind: "wrapper", why: "root" }])), []);
  assertEquals(lackingOf({ program: undefined } as unknown as Decision), []);
});
