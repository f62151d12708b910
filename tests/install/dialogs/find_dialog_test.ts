import { assertEquals } from "@std/assert";
import { findDialog } from "../../../lib/install/dialogs/find_dialog.ts";
import { FakeEnvironment } from "../../fake_environment.ts";

const ZENITY = "/usr/bin/zenity";
const KDIALOG = "/usr/bin/kdialog";

function found(installed: readonly string[], variables: Record<string, string>) {
  const files = Object.fromEntries(installed.map((path) => [path, { mode: 0o755 }]));
  return findDialog(new FakeEnvironment({ files, variables }))?.path;
}

Deno.test("KDE gets kdialog, all other desktops zenity", () => {
  const both = [ZENITY, KDIALOG];
  assertEquals(found(both, { DISPLAY: ":0", XDG_CURRENT_DESKTOP: "KDE" }), KDIALOG);
  assertEquals(found(both, { DISPLAY: ":0", XDG_CURRENT_DESKTOP: "asahi:KDE" }), KDIALOG);
  assertEquals(found(both, { DISPLAY: ":0", XDG_CURRENT_DESKTOP: "ubuntu:GNOME" }), ZENITY);
  assertEquals(found(both, { DISPLAY: ":0", XDG_CURRENT_DESKTOP: "NOKDE" }), ZENITY);
  assertEquals(found(both, { WAYLAND_DISPLAY: "wayland-0" }), ZENITY);
});

Deno.test("if one dialog program is missing, the other one is used", () => {
  assertEquals(found([ZENITY], { DISPLAY: ":0", XDG_CURRENT_DESKTOP: "KDE" }), ZENITY);
  assertEquals(found([KDIALOG], { DISPLAY: ":0", XDG_CURRENT_DESKTOP: "GNOME" }), KDIALOG);
  assertEquals(found([], { DISPLAY: ":0" }), undefined);
});

Deno.test("a file that is not executable is not a dialog program", () => {
  const files = { [ZENITY]: { mode: 0o644 }, [KDIALOG]: { kind: "directory" } } as const;
  assertEquals(findDialog(new FakeEnvironment({ files, variables: { DISPLAY: ":0" } })), undefined);
});

Deno.test("without a display there is no dialog", () => {
  assertEquals(found([ZENITY, KDIALOG], {}), undefined);
  assertEquals(found([ZENITY], { DISPLAY: "", WAYLAND_DISPLAY: "" }), undefined);
});
