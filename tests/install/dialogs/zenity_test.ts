import { assertEquals } from "@std/assert";
import { zenity } from "../../../lib/install/dialogs/zenity.ts";

const env = { LC_ALL: "C.UTF-8" };

Deno.test("zenity asks without markup", () => {
  assertEquals(
    zenity.question({ title: "-a\nb", text: "<b>\\n\u202e", yes: "In_stall", no: "Cancel" }),
    {
      path: "/usr/bin/zenity",
      args: [
        "--question",
        "--title=-a b",
        "--no-markup",
        "--text=<b>\\n\\u202e",
        "--ok-label=In__stall",
        "--cancel-label=Cancel",
      ],
      env,
    },
  );
});

Deno.test("zenity shows an error without markup", () => {
  const { args } = zenity.message({ title: "a", text: "b\nc" });
  assertEquals(args, ["--error", "--title=a", "--no-markup", "--text=b\nc"]);
});

Deno.test("zenity reads details from its input", () => {
  const { args, stdin } = zenity.message({
    title: "a",
    text: "b",
    details: "<c>\\n\u001b\nd",
  });
  const size = ["--width=560", "--height=360"];
  assertEquals(args, ["--text-info", "--title=a", ...size, "--ok-label=Close"]);
  assertEquals(stdin, "b\n\n<c>\\n\\u001b\nd");
});

Deno.test("zenity's progress has escaped markup and backslashes, and its input stays open", () => {
  const { args, stdinHeld } = zenity.progress({ title: "a", text: "<b>\\n&", cancel: true });
  const text = "--text=&lt;b&gt;\\\\n&amp;";
  const bar = ["--progress", "--title=a", "--pulsate", "--auto-close", "--width=440"];
  assertEquals(args, [...bar, text]);
  assertEquals(stdinHeld, true);
  const { args: locked } = zenity.progress({ title: "a", text: "b", cancel: false });
  assertEquals(locked, [...bar, "--no-cancel", "--text=b"]);
});

Deno.test("zenity's success message disappears by itself", () => {
  const { args } = zenity.done({ title: "a", text: "<b>" });
  assertEquals(args, ["--info", "--title=a", "--no-markup", "--timeout=5", "--text=<b>"]);
});
