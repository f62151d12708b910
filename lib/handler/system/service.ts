/** Was the handler started by a service of systemd? */
import { endsWith, SLASH, startsWith } from "../bytes.ts";
import { close, O_CLOEXEC, O_RDONLY, open, read } from "../linux.ts";
import { at, part, utf8 } from "../outside.ts";

const cgroups = new Uint8Array(4096);

/** True also if the cgroup cannot be read. */
export function isStartedByService(): boolean {
  const file = open(utf8("/proc/self/cgroup"), O_RDONLY | O_CLOEXEC);
  if (file < 0) return true;
  const length = read(file, cgroups);
  close(file);
  return length < 2 || hasService(lastLine(part(cgroups, 0, length)));
}

/** "0::PATH" or "1:name=systemd:PATH", without the newline. */
function lastLine(lines: Uint8Array): Uint8Array {
  const NEWLINE = 0x0a;
  let start = lines.length - 1;
  while (start > 0 && at(lines, start - 1) !== NEWLINE) start--;
  return part(lines, start, lines.length - 1);
}

/** Is a component of the path a service? */
function hasService(path: Uint8Array): boolean {
  let start = 0;
  for (let i = 0; i < path.length; i++) {
    if (at(path, i) !== SLASH) continue;
    if (isService(part(path, start, i))) return true;
    start = i + 1;
  }
  return isService(part(path, start, path.length));
}

function isService(unit: Uint8Array): boolean {
  const ENDING = ".service";
  return unit.length > utf8(ENDING).length && endsWith(unit, utf8(ENDING)) && !isOfDesktop(unit);
}

/**
 * Services in which a person's programs run: the user manager, and programs that the desktop
 * started, also by D-Bus. https://systemd.io/DESKTOP_ENVIRONMENTS/
 */
function isOfDesktop(unit: Uint8Array): boolean {
  return startsWith(unit, utf8("user@")) || startsWith(unit, utf8("app-")) ||
    startsWith(unit, utf8("dbus-:"));
}
