import { assertEquals } from "@std/assert";
import { APT } from "../../lib/install/managers/apt.ts";
import { findOffer } from "../../lib/install/offer.ts";
import type { Decision } from "../../lib/start/decision.ts";
import { configOf } from "../config/load_config.ts";

const CONFIG = configOf(`
[interpreters.fex]
path = "/usr/bin/FEX"
packages = { apt = "fex" }
[interpreters.qemu]
path = "/usr/bin/qemu"
packages = { apt = "qemu-user" }
`);

const candidates = ["fex", "mine", "qemu"].map((id) => (
  { candidate: { id, name: id }, verdict: { kind: "missing", groups: [[`/usr/bin/${id}`]] } }
));
const DECISION = { program: { name: "x86_64" }, candidates } as unknown as Decision;
const FOUND = { manager: APT, program: "/usr/bin/apt-get" };

const offered = async (...known: string[]) => {
  const ask = () => Promise.resolve(known.map((name) => `Package: ${name}\n\n`).join(""));
  const offer = await findOffer(DECISION, CONFIG, FOUND, ask);
  return offer?.lacking.need.interpreter;
};

Deno.test("findOffer() takes the first interpreter whose packages are available", async () => {
  assertEquals(await offered("fex", "qemu-user"), "fex");
  assertEquals(await offered("qemu-user"), "qemu");
  assertEquals(await offered(), undefined);
});

Deno.test("findOffer() offers no interpreter that root's configuration lacks", async () => {
  assertEquals(await offered("mine"), undefined);
  const ask = () => Promise.resolve("Package: fex\n\n");
  assertEquals(await findOffer(DECISION, CONFIG, undefined, ask), undefined);
});
