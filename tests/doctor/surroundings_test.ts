import { assertEquals } from "@std/assert";
import { failed, success } from "../../lib/failure.ts";
import * as checks from "../../lib/doctor/surroundings.ts";
import { judge } from "./judge.ts";

const NOT_ASKED = failed({ code: "internal", what: "ask", why: "nobody" });
const WELL = {
  ...{
    path: "/m",
    interpreters: ["FEX"],
    args: ["-i", "-t", "-e"],
    missing: [],
    kvm: 0,
    runtime: true,
    running: true,
  },
  help: success("-i, --interactive -t, --tty -e, --env=ENV"),
};

function muvm(change: object = {}, uid = 1000, page_size = 16384): string[] {
  return judge(checks.muvm, {
    host: { uid, page_size },
    handler: {},
    config: { config: { muvm: { page_size: 4096 } } },
    muvm: { ...WELL, ...change },
  } as never);
}

Deno.test("muvm: only if it is needed, and not for root", () => {
  assertEquals(muvm({ interpreters: [] }), ["good: no interpreter that needs it is installed"]);
  assertEquals(muvm({}, 1000, 4096), ["good: it is not needed: the page size fits"]);
  assertEquals(muvm({}, 0)[0]?.slice(0, 8), "unknown:");
});

Deno.test("muvm: its requirements, and its age by the options that it supports", () => {
  assertEquals(muvm(), ["good: everything is installed, and the virtual machine runs"]);
  assertEquals(muvm({ running: false }), [
    "good: everything is installed, and the virtual machine does not run yet",
  ]);
  assertEquals(muvm({ missing: ["/a or /b"] }), [
    "bad: /a or /b is missing -> binfmt-dispatcher install",
  ]);
  const KVM = "bad: this user cannot use /dev/kvm: permission denied -> " +
    "usermod -aG kvm USER, then log in again";
  assertEquals(muvm({ kvm: 13 }), [KVM]);
  assertEquals(muvm({ kvm: 2, missing: ["/dev/kvm"] }).length, 1);
  assertEquals(muvm({ runtime: false }), [
    "bad: XDG_RUNTIME_DIR is not set -> Log in to a session",
  ]);
  assertEquals(muvm({ help: success("--env=ENV -e\n-t") }), [
    "bad: /m is too old: it does not support -i -> Upgrade muvm",
  ]);
  assertEquals(muvm({ help: NOT_ASKED }), [
    "good: everything is installed, and the virtual machine runs",
  ]);
});

Deno.test("questions: a display needs a dialog program and a terminal", () => {
  const ask = (display: boolean, dialog: boolean, terminal: boolean, uid = 1000) =>
    judge(checks.questions, { host: { uid }, desktop: { display, dialog, terminal } })[0]
      ?.split(":")[0];
  assertEquals(ask(false, false, false), "good");
  assertEquals(ask(true, false, true), "warning");
  assertEquals(ask(true, true, false), "warning");
  assertEquals(ask(true, true, true), "good");
  assertEquals(ask(true, false, false, 0), "good");
});

Deno.test("polkit: the incumbent's file is bad, and missing parts are warnings", () => {
  const ask = (incumbent: boolean, action: boolean, pkexec: boolean, uid = 1000) =>
    judge(checks.polkit, { host: { uid }, desktop: { incumbent, action, pkexec } })
      .map((each) => each.split(":")[0]);
  assertEquals(ask(false, true, true), ["good"]);
  assertEquals(ask(true, false, false), ["bad", "warning", "warning"]);
  assertEquals(ask(false, true, false, 0), ["good"]);
});

Deno.test("packages, file-manager: present or absent", () => {
  assertEquals(judge(checks.packages, { desktop: { manager: "dnf" } }), ["good: dnf"]);
  assertEquals(judge(checks.packages, { desktop: { manager: undefined } } as never).length, 1);
  assertEquals(judge(checks.fileManager, { desktop: { entry: true } }), [
    "good: the desktop entry is installed",
  ]);
  assertEquals(
    judge(checks.fileManager, { desktop: { entry: false } })[0]?.slice(0, 8),
    "warning:",
  );
});
