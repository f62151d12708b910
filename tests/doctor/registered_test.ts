import { assertEquals } from "@std/assert";
import { competitors, entries, fex, registration } from "../../lib/doctor/registered.ts";
import type { ReportedEntry } from "../../lib/explain/kernel.ts";
import { BINFMT_MISC } from "../../lib/explain/kernel_commands.ts";
import { HANDLER } from "../../lib/paths.ts";
import { judge } from "./judge.ts";

const NAME = "binfmt-dispatcher-arm";
const OURS = entry({ name: NAME, interpreter: HANDLER, ours: true, flags: "POF" });
const QEMU = entry({ name: "qemu-arm", interpreter: "/usr/bin/qemu-arm", flags: "F" });

function entry(change: Partial<ReportedEntry>): ReportedEntry {
  return {
    ...{
      name: "e",
      enabled: true,
      interpreter: "/i",
      flags: "",
      offset: 0,
      magic: "00",
      mask: "ff",
    },
    ...{ extension: undefined, matches: true, ours: false, usable: true },
    ...change,
  };
}

/** The facts if the kernel has these entries; the first enabled one takes the programs. */
function facts(all: readonly ReportedEntry[], told: object = {}, ctime = 0) {
  const taken = all.find(({ enabled }) => enabled)?.name;
  const kernel = { binfmt_misc: true, enabled: true, entry: NAME, taken, entries: all, others: [] };
  const view = { entry: NAME, target: "arm", wanted: true, kernel, kind: { name: "arm" } };
  return {
    handler: {
      file: { kind: "file", ctime },
      told: { enabled: true, entries: all, since: new Map(), fallbacks: [], ...told },
    },
    entries: [{ ...view, unseen: undefined, host: { root: "" } }],
  } as never;
}

Deno.test("entries: the handler's, another interpreter's, disabled and unusable ones", () => {
  const state = (...all: ReportedEntry[]) =>
    judge(entries, facts(all))[0]?.replace(/: .*? -> /, " -> ").replace(/: .*/, "");
  assertEquals(state(OURS, QEMU), "good");
  assertEquals(state(QEMU, OURS), "bad -> binfmt-dispatcher enable arm");
  assertEquals(state({ ...OURS, enabled: false }), `bad -> echo 1 >${BINFMT_MISC}/${NAME}`);
  // The other entry takes the programs: to enable this one might not be enough.
  assertEquals(state({ ...OURS, enabled: false }, QEMU), "bad -> binfmt-dispatcher enable arm");
  assertEquals(state({ ...OURS, usable: false }), "bad -> binfmt-dispatcher enable arm");
  assertEquals(state(), "bad -> binfmt-dispatcher enable arm");
});

Deno.test("registration: flags, and what is missing, replaced or stray", () => {
  const first = (change: Partial<ReportedEntry>, told: object = {}, ctime = 0) =>
    judge(registration, facts([{ ...OURS, ...change }], told, ctime))[0]?.split(" -> ")[0];
  assertEquals(first({}), `good: ${NAME} has flags POF`);
  assertEquals(
    first({ flags: "P" }),
    `good: ${NAME} has flags P: unreadable programs do not run`,
  );
  assertEquals(first({ flags: "POCF" })?.slice(0, 4), "bad:");
  assertEquals(first({ flags: "OF" })?.slice(0, 4), "bad:");
  assertEquals(first({ usable: false }), `bad: ${NAME} names ${HANDLER}, which is missing`);
  const since = new Map([[NAME, 1000]]);
  assertEquals(first({}, { since }, 1001)?.slice(0, 8), "warning:");
  assertEquals(first({}, { since }, 1000.9)?.slice(0, 5), "good:");
  // Without flag F the kernel opens the new handler.
  assertEquals(first({ flags: "PO" }, { since }, 1001)?.slice(0, 5), "good:");
  const stray = entry({ name: "stray", interpreter: HANDLER });
  assertEquals(
    judge(registration, facts([OURS], { entries: [OURS, stray] }))[0]?.slice(0, 20),
    "warning: stray names",
  );
});

Deno.test("competitors: before and after this entry, and in containers", () => {
  const ask = (all: ReportedEntry[], told: object = {}) =>
    judge(competitors, facts(all, told)).map((each) => each.split(" -> ")[0]);
  const seen = `qemu-arm (/usr/bin/qemu-arm) takes ${NAME}'s programs`;
  assertEquals(ask([OURS]), ["good: there are none"]);
  assertEquals(ask([QEMU, OURS]), [`bad: ${seen} first`]);
  assertEquals(ask([OURS, { ...QEMU, flags: "" }]), [`good: ${seen}, but has lower priority`]);
  assertEquals(ask([OURS, { ...QEMU, enabled: false }]), [`good: ${seen}, but is disabled`]);
  const inside = (...all: ReportedEntry[]) => ask(all)[1]?.split(":")[0];
  assertEquals(inside(OURS, QEMU), "warning");
  assertEquals(inside({ ...OURS, flags: "PO" }, QEMU), "bad");
  assertEquals(
    ask([OURS, QEMU], { fallbacks: ["qemu-s390x-static", "qemu-arm-static"] })[1],
    `good: ${NAME} embeds qemu-arm-static for containers`,
  );
});

Deno.test("fex: both of its entries, or which is missing", () => {
  const ask = (...names: string[]) =>
    judge(fex, {
      handler: { told: { enabled: true, entries: names.map((name) => entry({ name })) } },
      fex: ["/usr/bin/FEX"],
    } as never)[0]?.split(":")[0];
  assertEquals(ask("FEX-x86", "FEX-x86_64"), "good");
  assertEquals(ask("FEX-x86"), "warning");
  assertEquals(judge(fex, { handler: {}, fex: [] } as never), ["good: FEX is not installed"]);
});
