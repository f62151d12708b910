import type { Environment } from "../environment.ts";
import { PKEXEC } from "../install/as_root.ts";
import { kdialog } from "../install/dialogs/kdialog.ts";
import { TERMINAL } from "../install/dialogs/terminal.ts";
import { zenity } from "../install/dialogs/zenity.ts";
import { findManager } from "../install/managers/find_manager.ts";
import { isExecutable } from "../is_executable.ts";
import { DESKTOP_ENTRY, POLKIT_ACTION } from "../paths.ts";
import type { Facts } from "./facts.ts";

/**
 * Lets every user with an active session run dnf as root without a password:
 * AsahiLinux/binfmt-dispatcher, data/.
 */
export const INCUMBENT_ACTION =
  "/usr/share/polkit-1/actions/org.AsahiLinux.binfmt_dispatcher.policy";
const SET_USER_ID = 0o4000;

/** The programs and files that ask users and install packages. */
export function desktopFacts(environment: Environment): Facts["desktop"] {
  const there = (path: string) => environment.stat(path) !== "absent";
  const pkexec = environment.stat(PKEXEC);
  return {
    display: ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => environment.variable(name)),
    dialog: [zenity, kdialog].some(({ path }) => isExecutable(path, environment)),
    terminal: isExecutable(TERMINAL, environment),
    manager: findManager(environment)?.manager.name,
    pkexec: typeof pkexec === "object" && pkexec.uid === 0 && (pkexec.mode & SET_USER_ID) !== 0,
    action: there(POLKIT_ACTION),
    incumbent: there(INCUMBENT_ACTION),
    entry: there(DESKTOP_ENTRY),
  };
}
