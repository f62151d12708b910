/** Can a person be asked, and where? */
import { first } from "../bytes.ts";
import * as caller from "../caller.ts";
import * as linux from "../linux.ts";
import { O_CLOEXEC, O_RDONLY } from "../linux.ts";
import { utf8 } from "../outside.ts";
import { isStartedByService } from "./service.ts";
import { foregroundOf } from "./terminals.ts";

export const SESSION = { NONE: 0, ON_DISPLAY: 1, AT_TERMINAL: 2 } as const;

const STDIN = 0;
const STDERR = 2;

/**
 * At the terminal if standard input and error are the controlling terminal and the caller is in its
 * foreground group. Without a controlling terminal, on the display, unless the caller is root or a
 * service. Nowhere under no_new_privs, since then nothing could be installed. Returns a SESSION.
 */
export function findSession(): number {
  if (caller.isSecure || linux.hasNoNewPrivileges()) return SESSION.NONE;
  const terminal = linux.open(utf8("/dev/tty"), O_RDONLY | O_CLOEXEC);
  if (terminal < 0) return isOnDisplay() ? SESSION.ON_DISPLAY : SESSION.NONE;
  linux.close(terminal);
  const group = linux.getpgrp();
  // In a new PID namespace, all outer groups are 0, in the foreground or not.
  if (group === 0) return SESSION.NONE;
  const isInFront = foregroundOf(STDIN) === group && foregroundOf(STDERR) === group;
  return isInFront ? SESSION.AT_TERMINAL : SESSION.NONE;
}

function isOnDisplay(): boolean {
  // The owner of the display or of HOME could make root's dialog load a module.
  if (caller.euid === 0) return false;
  return (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY")) && !isStartedByService();
}

function isSet(name: string): boolean {
  const value = caller.variable(name);
  return value !== undefined && first(value) !== 0;
}
