import type { Environment } from "../../environment.ts";
import { isExecutable } from "../../is_executable.ts";
import type { DialogProgram } from "./dialog.ts";
import { kdialog } from "./kdialog.ts";
import { zenity } from "./zenity.ts";

/**
 * The dialog program of the desktop, else the other one; undefined without a display.
 * XDG_CURRENT_DESKTOP is separated by colons:
 * https://specifications.freedesktop.org/desktop-entry-spec/latest/recognized-keys.html
 */
export function findDialog(environment: Environment): DialogProgram | undefined {
  const displays = ["DISPLAY", "WAYLAND_DISPLAY"].map((name) => environment.variable(name) ?? "");
  if (displays.every((display) => display === "")) return undefined;
  const desktops = (environment.variable("XDG_CURRENT_DESKTOP") ?? "").split(":");
  const programs = desktops.includes("KDE") ? [kdialog, zenity] : [zenity, kdialog];
  return programs.find(({ path }) => isExecutable(path, environment));
}
