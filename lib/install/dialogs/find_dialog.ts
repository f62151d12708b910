import type { Environment } from "../../environment.ts";
import { isExecutable } from "../../is_executable.ts";
import type { DialogProgram } from "./dialog.ts";
import { kdialog } from "./kdialog.ts";
import { zenity } from "./zenity.ts";

/**
 * The dialog program that suits the desktop, else the other one; none without a screen.
 * XDG_CURRENT_DESKTOP is a list with colons:
 * https://specifications.freedesktop.org/desktop-entry-spec/latest/recognized-keys.html
 */
export function findDialog(environment: Environment): DialogProgram | undefined {
  const screens = ["DISPLAY", "WAYLAND_DISPLAY"].map((name) => environment.variable(name) ?? "");
  if (screens.every((screen) => screen === "")) return undefined;
  const desktops = (environment.variable("XDG_CURRENT_DESKTOP") ?? "").split(":");
  const programs = desktops.includes("KDE") ? [kdialog, zenity] : [zenity, kdialog];
  return programs.find(({ path }) => isExecutable(path, environment));
}
