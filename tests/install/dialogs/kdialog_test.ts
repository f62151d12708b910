import { assert, assertEquals } from "@std/assert";
import { kdialog } from "../../../lib/install/dialogs/kdialog.ts";

const env = { LC_ALL: "C.UTF-8" };
const START = '<html><p style="white-space:pre-wrap">';
const END = "</p></html>";

Deno.test("kdialog asks with rich text in which markup is escaped", () => {
  const text = "<b>\\n & \u202e\nc";
  assertEquals(kdialog.question({ title: "-a [*]", text, yes: "In&stall", no: "Cancel" }), {
    path: "/usr/bin/kdialog",
    args: [
      "--title=-a [*][*]",
      "--yes-label=In&&stall",
      "--no-label=Cancel",
      `--yesno=${START}&lt;b&gt;\\\\n &amp; \\\\u202e<br>c${END}`,
    ],
    env,
  });
});

Deno.test("kdialog shows an error with details below it", () => {
  const { args } = kdialog.message({ title: "a", text: "b" });
  assertEquals(args, ["--title=a", `--error=${START}b${END}`]);
  const [, details = ""] = kdialog.message({
    title: "a",
    text: "b",
    details: "<c>\n  d",
  }).args;
  assert(details.startsWith("--error=<html><table"), details);
  assert(details.includes(">b<br><br><tt>&lt;c&gt;<br>  d</tt><"), details);
});

Deno.test("kdialog gets long texts with a width and with long words folded", () => {
  const { args } = kdialog.message({ title: "a", text: "b".repeat(130) });
  const folded = `${"b".repeat(60)}<br>${"b".repeat(60)}<br>${"b".repeat(10)}`;
  assert(args[1]?.includes(`<table width="440"><tr><td style="white-space:pre-wrap">${folded}<`));
});

Deno.test("kdialog's progress is a window with Hide, and Cancel if possible", () => {
  assertEquals(kdialog.progress({ title: "a", text: "b", cancel: true }).args, [
    "--title=a",
    "--continue-label=Hide",
    "--cancel-label=Cancel",
    `--warningcontinuecancel=${START}b${END}`,
  ]);
  const { args } = kdialog.progress({ title: "a", text: "b", cancel: false });
  assertEquals(args, ["--title=a", "--ok-label=Hide", `--msgbox=${START}b${END}`]);
});

Deno.test("kdialog reports success by a notification", () => {
  const { args } = kdialog.done({ title: "a", text: "<b>\\n\nc" });
  assertEquals(args, ["--title=a", "--passivepopup=<b></b>&lt;b&gt;\\\\n c", "5"]);
});
