import type { Variable } from "../native/program.ts";
import type { Variables } from "./environment.ts";
import { AT_FDCWD, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

const PR_GET_NO_NEW_PRIVS = 39;
const TIOCGPGRP = 0x540f;
const STDIN = 0;
const STDERR = 2;

/** Where a person is. */
export const PERSON = { NONE: 0, ON_DISPLAY: 1, AT_TERMINAL: 2 };

/**
 * person = where a person is who can be asked. At a terminal: standard input and error are the
 * controlling terminal, and we are of its foreground group. Where there is no such terminal, on a
 * display, unless we are root or a service started us. Nobody is asked for what could not be
 * installed: with no_new_privs set no program gets more rights than its caller has.
 */
export function definePerson(s: State, m: Messages, variables: Variables) {
  const { code } = s;
  const person = code.variable("person");
  const terminal = code.variable("person_terminal");
  const group = code.variable("person_group");
  const front = code.variable("person_front");
  const answer = code.buffer("person_answer", 8);
  const service = defineService(s, m);
  const value = code.variable("person_value");
  const byte = code.variable("person_byte");
  const onDisplay = (name: string) => {
    variables.find(value, name);
    code.if(value, "!=", 0, () => {
      code.read(byte, 1, value);
      code.if(byte, "!=", 0, () => code.set(person, PERSON.ON_DISPLAY));
    });
  };
  const find = code.procedure("find_person", [], () => {
    code.set(person, PERSON.NONE);
    code.if(s.secure, "==", 1, () => code.return());
    code.syscall(value, "prctl", PR_GET_NO_NEW_PRIVS);
    code.if(value, "!=", 0, () => code.return());
    const mode = openFlags(s).O_RDONLY | openFlags(s).O_CLOEXEC;
    code.syscall(terminal, "openat", AT_FDCWD, code.text("/dev/tty"), mode, 0);
    m.ifError(terminal, () => {
      // A display's owner, and who set HOME, could have root's window run a module of theirs.
      code.if(s.euid, "==", 0, () => code.return());
      for (const name of ["DISPLAY", "WAYLAND_DISPLAY"]) onDisplay(name);
      code.if(person, "!=", PERSON.NONE, () => {
        code.call(service.look);
        code.if(service.found, "==", 1, () => code.set(person, PERSON.NONE));
      });
    }, () => {
      code.syscall(s.ignored, "close", terminal);
      code.syscall(group, "getpgid", 0);
      for (const descriptor of [STDIN, STDERR]) {
        // Of any other terminal than the caller's controlling one it tells nothing.
        code.syscall(value, "ioctl", descriptor, TIOCGPGRP, answer);
        m.ifError(value, () => code.return());
        code.read(front, 4, answer);
        code.if(front, "!=", group, () => code.return());
      }
      code.set(person, PERSON.AT_TERMINAL);
    });
  });
  return { find, person };
}

export type Person = ReturnType<typeof definePerson>;

const CGROUP_SIZE = 4096;
const SLASH = 0x2f;
const NEWLINE = 0x0a;
/** Eight letters, as one number. */
const SERVICE = ".service";
/**
 * Units of this ending in which a person's own programs run: the user's manager, what a desktop
 * started, and what it started by D-Bus. https://systemd.io/DESKTOP_ENVIRONMENTS/
 */
const NO_SERVICES = ["user@", "app-", "dbus-:"];

/** found = 1 if a part of our cgroup's path is a service, or the path cannot be told. */
function defineService(s: State, m: Messages) {
  const { code } = s;
  const buffer = code.buffer("cgroup", CGROUP_SIZE + 8);
  const file = code.variable("cgroup_file");
  const length = code.variable("cgroup_length");
  const at = code.variable("cgroup_at");
  const end = code.variable("cgroup_end");
  const byte = code.variable("cgroup_byte");
  const part = code.variable("cgroup_part");
  const found = code.variable("cgroup_service");
  const judge = defineJudgePart(s, part, at, found);
  const look = code.procedure("look_at_cgroup", [], () => {
    code.set(found, 1);
    const mode = openFlags(s).O_RDONLY | openFlags(s).O_CLOEXEC;
    code.syscall(file, "openat", AT_FDCWD, code.text("/proc/self/cgroup"), mode, 0);
    m.ifError(file, () => code.return());
    code.syscall(length, "read", file, buffer, CGROUP_SIZE);
    code.syscall(s.ignored, "close", file);
    m.ifError(length, () => code.return());
    code.if(length, "<", 2, () => code.return());
    // The last line, "0::PATH" or "1:name=systemd:PATH", without its end.
    code.do(end, buffer, "+", length);
    code.do(end, end, "-", 1);
    code.set(at, end);
    code.while(at, ">", buffer, () => {
      code.do(at, at, "-", 1);
      code.read(byte, 1, at);
      code.if(byte, "==", NEWLINE, () => code.leave());
    });
    code.set(found, 0);
    code.set(part, at);
    code.while(at, "<=", end, () => {
      code.read(byte, 1, at);
      code.if(at, "==", end, () => code.set(byte, SLASH));
      code.if(byte, "==", SLASH, () => {
        code.call(judge);
        code.do(part, at, "+", 1);
      });
      code.do(at, at, "+", 1);
    });
  });
  return { look, found };
}

/** found = 1 if the letters from `part` to `at` are a service's name. */
function defineJudgePart(s: State, part: Variable, at: Variable, found: Variable) {
  const { code } = s;
  const length = code.variable("cgroup_part_length");
  const letters = code.variable("cgroup_letters");
  const ending = [...SERVICE].reduceRight(
    (number, letter) => number << 8n | BigInt(letter.charCodeAt(0)),
    0n,
  );
  return code.procedure("judge_cgroup_part", [], () => {
    code.do(length, at, "-", part);
    code.if(length, "<=", SERVICE.length, () => code.return());
    code.do(letters, at, "-", SERVICE.length);
    code.read(letters, 8, letters);
    code.if(letters, "!=", ending, () => code.return());
    for (const prefix of NO_SERVICES) {
      const matches = (i: number): void => {
        if (i === prefix.length) return code.return();
        code.read(letters, 1, part, i);
        code.if(letters, "==", prefix.charCodeAt(i), () => matches(i + 1));
      };
      matches(0);
    }
    code.set(found, 1);
  });
}
