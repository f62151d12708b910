import { assertEquals } from "@std/assert";
import type { FormatState } from "../../lib/enable/format_state.ts";
import { stateTable, stepWords } from "../../lib/enable/words.ts";
import type { KernelEntry } from "../../lib/explain/handler_facts.ts";
import { HANDLER } from "../../lib/paths.ts";

function entry(name: string, interpreter: string, flags: string): KernelEntry {
  const telling = { offset: 0, magic: undefined, mask: undefined, extension: "x" };
  return { name, enabled: true, interpreter, flags, ...telling };
}

const OURS = entry("binfmt-dispatcher-arm", HANDLER, "POF");
const QEMU = entry("qemu-arm", "/usr/bin/qemu-arm-static", "OCF");
const STATE: FormatState = {
  name: "arm",
  lines: [],
  shipped: undefined,
  link: "none",
  takers: [],
  runner: "QEMU",
};

Deno.test("stateTable() shows what is enabled, what takes the programs and what runs them", () => {
  const states: FormatState[] = [
    STATE,
    { ...STATE, link: "ours", takers: [OURS, QEMU] },
    { ...STATE, link: "mask", takers: [QEMU, OURS], runner: undefined },
    { ...STATE, link: "another's", takers: [QEMU] },
    { ...STATE, takers: undefined },
  ];
  const text = stateTable(states, { bold: (each) => each }, "it is not installed");
  assertEquals(
    text,
    `NAME  ENABLED     INTERPRETER  KERNEL ENTRY
arm   no          QEMU         –
arm   yes         QEMU         binfmt-dispatcher (POF)
arm   masked      –            qemu-arm (/usr/bin/qemu-arm-static, OCF), before binfmt-dispatcher
arm   other file  QEMU         qemu-arm (/usr/bin/qemu-arm-static, OCF)
arm   no          QEMU         ?

The kernel's entries are unknown: it is not installed
`,
  );
});

function words(action: "enable" | "disable", state: Partial<FormatState>, root = "") {
  const step = { action, name: "arm", file: "-", text: undefined };
  return stepWords({ ...step, state: { ...STATE, ...state } }, root);
}

Deno.test("stepWords() names entries that are overridden, or take the programs again", () => {
  assertEquals(words("enable", {}), "arm programs go to binfmt-dispatcher now.\n");
  const qemu = "qemu-arm (/usr/bin/qemu-arm-static, OCF)";
  assertEquals(
    words("enable", { takers: [OURS, QEMU] }),
    "arm programs go to binfmt-dispatcher now.\n" +
      `  ${qemu} took them before, and will again after “disable”.\n`,
  );
  assertEquals(
    words("enable", { runner: undefined }),
    "arm programs go to binfmt-dispatcher now.\n  No interpreter for them is installed. " +
      "To install one: binfmt-dispatcher install --machine arm\n",
  );
  assertEquals(words("disable", { takers: [OURS] }), "Nothing runs arm programs now.\n");
  assertEquals(words("disable", { takers: [OURS, QEMU] }), `arm programs go to ${qemu} now.\n`);
  assertEquals(
    words("enable", {}, "/image"),
    "arm programs go to binfmt-dispatcher once the system below /image has booted.\n",
  );
});
