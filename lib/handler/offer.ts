import type { Operand, Procedure, Variable } from "../native/program.ts";
import { type Caches, LAST_DESCRIPTOR } from "./caches.ts";
import type { Variables } from "./environment.ts";
import { type File, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { Now } from "./now.ts";
import { definePercent } from "./percent.ts";
import { definePerson, PERSON } from "./person.ts";
import type { Errand, Resolver } from "./resolver.ts";
import type { State } from "./state.ts";
import type { Text } from "./text.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/** Longer than any machine's or format's name (lib/config/limits.ts), with its option. */
const OPTION_SIZE = 1024;

/** For so long nobody is asked again after a no, or after what did not help. */
const REMEMBERED_NS = 10_000_000_000;

/** How `install` ends where it has told its person why the program cannot start. */
const TOLD = [126, 127];

export interface OfferParts {
  readonly m: Messages;
  readonly file: File;
  readonly text: Text;
  readonly variables: Variables;
  readonly resolver: Resolver;
  readonly caches: Caches;
  readonly now: Now;
}

/** What dialogs, terminals and the resolver need of the caller's. */
const VARIABLES = [
  ...["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_DIRS"],
  ...["XDG_CONFIG_DIRS", "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_SESSION_ID"],
  ...["KDE_FULL_SESSION", "KDE_SESSION_VERSION", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"],
  ...["DBUS_SESSION_BUS_ADDRESS", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TERM", "NO_COLOR"],
  "BINFMT_DISPATCHER_INTERPRETER",
];

/**
 * Where no candidate can run the program and a person is there: has the resolver offer what is
 * missing, one at a time for each user, and looks again. `told` = the exit status where the person
 * has been told why it cannot run, else 0.
 */
export function defineOffer(
  s: State,
  parts: OfferParts,
  tryAll: Procedure,
  usable: Variable,
  row_name: Operand,
) {
  const { code } = s;
  const { m, resolver } = parts;
  const told = code.variable("offer_told");
  const { find, person } = definePerson(s, m, parts.variables);
  const memory = defineMemory(s, parts, person);
  // Each one argument: a name may begin with a dash.
  const started = definePercent(s, parts.text, "--started=");
  const machine = code.buffer("offer_machine", OPTION_SIZE);
  const errand: Errand = {
    args: ["install", machine, started.encoded],
    variables: VARIABLES,
    output: "terminal",
    folder: "caller's",
    session: false,
    patience_ms: "for ever",
  };
  const install = resolver.run("install_what_is_missing", errand);
  const offer = code.procedure("offer", [], () => {
    code.set(told, 0);
    code.call(find);
    code.if(person, "==", PERSON.NONE, () => code.return());
    code.call(memory.open);
    // Somebody else may have installed it while this start waited.
    code.call(tryAll);
    code.if(usable, "==", 1, () => code.return());
    code.if(memory.fresh, "==", 1, () => code.return());
    code.call(started.encode, s.program);
    parts.text.join(machine, OPTION_SIZE, ["--machine=", row_name]);
    code.call(install, -1);
    for (const status of TOLD) code.if(resolver.status, "==", status, () => code.set(told, status));
    code.call(tryAll);
    code.if(usable, "==", 0, () => code.call(memory.remember));
    code.call(memory.close);
  });
  return { offer, told };
}

/** A file in the caller's own folder: its lock lets one start ask, its age tells of the last no. */
function defineMemory(s: State, { m, file, caches, now }: OfferParts, person: Variable) {
  const { code } = s;
  const locked = code.variable("offer_locked");
  const descriptor = code.variable("offer_file");
  const age = code.variable("offer_age");
  /** 1 where a person has just been asked, in vain, or where nothing could keep that in mind. */
  const fresh = code.variable("offer_fresh");
  const open = code.procedure("offer_open", [], () => {
    const flags = openFlags(s);
    const how = flags.O_RDWR | flags.O_CREAT | flags.O_NOFOLLOW | flags.O_CLOEXEC;
    code.set(fresh, 1);
    code.set(descriptor, -1);
    // Anew: with the one that was open goes the lock under which the table was made.
    code.syscall(s.ignored, "close", caches.folder);
    code.call(caches.choose);
    code.if(caches.folder, ">", LAST_DESCRIPTOR, () => code.return());
    code.syscall(descriptor, "openat", caches.folder, code.text("asked"), how, 0o600);
    m.ifError(descriptor, () => code.return());
    code.syscall(locked, "flock", descriptor, LOCK_EX | LOCK_NB);
    m.ifError(locked, () => {
      code.if(person, "==", PERSON.AT_TERMINAL, () => {
        m.sayAll(["binfmt-dispatcher: Waiting for what another program's start has installed"]);
        code.call(m.print);
      });
      code.syscall(s.ignored, "flock", descriptor, LOCK_EX);
    });
    code.set(fresh, 0);
    file.lookAtDescriptor(descriptor);
    code.if(file.size, "==", 0, () => code.return());
    code.call(now.take);
    code.do(age, now.now, "-", file.mtime);
    code.if(age, "<", REMEMBERED_NS, () => code.set(fresh, 1));
  });
  const remember = code.procedure("offer_remember", [], () => {
    code.syscall(s.ignored, "pwrite64", descriptor, code.text("no\n"), 3, 0);
  });
  const close = code.procedure("offer_close", [], () => {
    code.syscall(s.ignored, "close", descriptor);
  });
  return { open, fresh, remember, close };
}
