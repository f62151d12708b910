import type { Operand, Procedure, Variable } from "../native/program.ts";
import { CANDIDATE } from "../routes/format.ts";
import { WRAPPER_WORDS } from "../routes/wrapper_words.ts";
import type { Variables } from "./environment.ts";
import { AT_FDCWD, openFlags } from "./file.ts";
import type { Messages, Part } from "./message.ts";
import type { Places } from "./places.ts";
import type { Errand, Resolver } from "./resolver.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Text } from "./text.ts";
import type { Utf8 } from "./utf8.ts";

export interface WrapperParts {
  readonly m: Messages;
  readonly text: Text;
  readonly lock: Procedure;
  readonly access: TableAccess;
  readonly places: Places;
  readonly variables: Variables;
  readonly resolver: Resolver;
  readonly utf8: Utf8;
}

/** muvm: may it be asked for here, and is its virtual machine up? */
export function defineWrapper(s: State, parts: WrapperParts) {
  const { code } = s;
  const wrapper = code.variable("wrapper");
  const runtime = code.variable("wrapper_runtime");
  const counts = code.variable("wrapper_utf8");
  const areUtf8 = defineAreUtf8(s, parts, counts);
  const isWrapped = (then: () => void) => {
    parts.access.number(wrapper, s.candidate, CANDIDATE.wrapper);
    code.if(wrapper, "!=", 0, then);
  };
  return {
    /** Does `then` where the candidate has a wrapper that cannot work. */
    ifUseless: (tell: (words: readonly Part[]) => void, then: () => void) => {
      const because = (words: string) => {
        tell([`: ${words}`]);
        then();
      };
      isWrapped(() => {
        code.if(s.euid, "==", 0, () => because(WRAPPER_WORDS.root));
        parts.variables.findFolder(runtime, "XDG_RUNTIME_DIR");
        code.if(runtime, "==", 0, () => because(WRAPPER_WORDS.runtime));
        code.call(areUtf8);
        code.if(counts, "==", 0, () => because(WRAPPER_WORDS.utf8));
      });
    },
    ready: () => isWrapped(() => startMachine(s, parts, runtime)),
  };
}

export type Wrapper = ReturnType<typeof defineWrapper>;

/** counts = all that the wrapper is told is UTF-8; it takes nothing else. */
function defineAreUtf8(s: State, { places, utf8 }: WrapperParts, counts: Variable): Procedure {
  const { code } = s;
  const cursor = code.variable("wrapper_cursor");
  const left = code.variable("wrapper_left");
  const string = code.variable("wrapper_string");
  const check = (text: Operand) => {
    code.call(utf8.check, text);
    code.do(counts, counts, "&", utf8.valid);
  };
  return code.procedure("are_utf8", [], () => {
    code.set(counts, 1);
    code.call(places.findFolder);
    for (const each of [s.program, s.argv0, places.folder]) check(each);
    code.set(cursor, s.arguments);
    code.set(left, s.n_arguments);
    code.while(left, "!=", 0, () => {
      code.read(string, 8, cursor);
      check(string);
      code.do(cursor, cursor, "+", 8);
      code.do(left, left, "-", 1);
    });
  });
}

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
/** struct sockaddr_un: the family, then the path. */
const SUN_PATH = 2;
const SUN_PATH_SIZE = 108;

/** What the machine's windows, sound and messages need: it takes them from its first start. */
const MACHINE: Errand = {
  args: ["vm", "start"],
  variables: [
    ...["HOME", "LANG", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "DISPLAY"],
    ...["XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER"],
  ],
  output: "stderr",
  folder: "/",
  session: true,
  patience_ms: 60_000,
};

/** Somebody else may be starting the machine. */
const LOCK_PATIENCE_MS = 60_000;

/**
 * muvm's first start is no place for a program (no pipes, no status of its own): where its server
 * does not answer, a machine that lingers is started first. One start at a time: while a machine
 * boots its server takes connections that lead nowhere.
 */
function startMachine(
  s: State,
  { m, text, resolver, lock }: WrapperParts,
  runtime: Variable,
): void {
  const { code } = s;
  const flags = openFlags(s);
  const address = code.buffer("server_address", SUN_PATH + SUN_PATH_SIZE);
  const path = code.variable("server_path");
  const folder = code.variable("server_folder");
  const server = code.variable("server");
  const result = code.variable("server_result");
  const start = resolver.run("start_machine", MACHINE);
  const connect = () => code.syscall(result, "connect", server, address, SUN_PATH + SUN_PATH_SIZE);
  code.do(path, address, "+", SUN_PATH);
  text.join(path, SUN_PATH_SIZE, [runtime, "/krun/server"]);
  code.write(2, address, AF_UNIX);
  code.syscall(folder, "openat", AT_FDCWD, runtime, flags.O_DIRECTORY | flags.O_CLOEXEC, 0);
  m.ifError(folder, () => {}, () => code.call(lock, folder, LOCK_PATIENCE_MS));
  code.syscall(server, "socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  connect();
  m.ifError(result, () => {
    code.call(start, -1);
    connect();
    m.ifError(result, () => {
      m.fail(126, ["muvm's virtual machine does not answer at ", path, ": ", { error: result }], [
        "Start it by hand to see why: binfmt-dispatcher vm start",
      ]);
    });
  });
  code.syscall(s.ignored, "close", server);
  code.syscall(s.ignored, "close", folder);
}
