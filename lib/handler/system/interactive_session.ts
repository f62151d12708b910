/** Where a person can be asked. */
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
 * At a terminal: standard input and error are the controlling terminal, and we are of its
 * foreground group. Where there is no such terminal, on a display, unless we are root or a service
 * started us. Nobody is asked for what could not be installed: with no_new_privs set no program
 * gets more rights than its caller has. Gives one of SESSION.
 */
export function findSession(): number {
  if (caller.isSecure || linux.hasNoNewPrivileges()) return SESSION.NONE;
  const terminal = linux.open(utf8("/dev/tty"), O_RDONLY | O_CLOEXEC);
  if (terminal < 0) return isOnDisplay() ? SESSION.ON_DISPLAY : SESSION.NONE;
  linux.close(terminal);
  const group = linux.getpgrp();
  // A new PID namespace tells 0 of all groups outside of it, also in the background.
  if (group === 0) return SESSION.NONE;
  const isInFront = foregroundOf(STDIN) === group && foregroundOf(STDERR) === group;
  return isInFront ? SESSION.AT_TERMINAL : SESSION.NONE;
}

function isOnDisplay(): boolean {
  // A display's owner, and who set HOME, could have root's window run a module of theirs.
  if (caller.euid === 0) return false;
  return (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY")) && !isStartedByService();
}

function isSet(name: string): boolean {
  const value = caller.variable(name);
  return value !== undefined && first(value) !== 0;
}
