/** Set-ups in which something is wrong. */
import { BINFMT_MISC } from "../../lib/explain/kernel_commands.ts";
import {
  ADMIN_LAYER,
  ADMIN_LAYERS,
  HANDLER,
  RESOLVER,
  SYSTEM_TABLES,
  VENDOR_LAYERS,
} from "../../lib/paths.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { HANDLER as BUILT_HANDLER, PROGRAM as BUILT_PROGRAM } from "../../tasks/compile.ts";
import { type RunOptions, World } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { OTHER_PAGE_SIZE } from "../handler/stage.ts";
import { lineFor } from "../kernel/side_by_side.ts";
import { outputOf } from "../output_of.ts";
import { headersOf } from "../programs.ts";
import { busybox, dash, FOREIGN, worldFor } from "../real/foreign.ts";

export interface Broken {
  readonly world: () => Promise<World>;
  /** Shell commands before the start. */
  readonly before?: string;
  readonly program?: string;
  readonly options?: RunOptions;
  /** The check that finds the cause, or explain. */
  readonly check: string;
  /** The cause; with explain also the remedy. */
  readonly finds: RegExp;
  /** Default: bad. */
  readonly state?: "warning" | "unknown";
  /** The program starts anyway: slowly, with other arguments, or not after a boot. */
  readonly starts?: boolean;
  /** The finding's commands make the program start. */
  readonly mends?: boolean;
  /** Another copy of binfmt-dispatcher, if the installed one is broken. */
  readonly doctor?: string;
  readonly needs?: readonly Ability[];
}

const DIRECTORY = "/usr/share/tried";
/** A static program that exits with 0. */
export const PROGRAM = `${DIRECTORY}/true`;
const DYNAMIC = `${DIRECTORY}/dash -c :`;
const ENTRY = `binfmt-dispatcher-${FOREIGN}`;
const ENTRY_FILE = `${BINFMT_MISC}/${ENTRY}`;
const COPY = "/usr/bin/binfmt-dispatcher-copy";
const CONF = `/etc/binfmt.d/zz-${ENTRY}.conf`;
const RUNTIME = "/run/user/1000";

type Change = (world: World) => void | Promise<void>;

/** A working set-up with one change. */
function changed(change: Change = () => {}): () => Promise<World> {
  return async () => {
    const world = worldFor(FOREIGN);
    world.bind(await busybox(FOREIGN), PROGRAM);
    await change(world);
    return world;
  };
}

/** The same with these entries, and without some of binfmt-dispatcher's files. */
function registered(
  lines: readonly string[],
  change: Change = () => {},
  without: readonly string[] = [],
): () => Promise<World> {
  return async () => {
    const world = new World();
    if (!without.includes(HANDLER)) world.bind(BUILT_HANDLER, HANDLER);
    if (!without.includes(RESOLVER)) world.bind(BUILT_PROGRAM, RESOLVER);
    world.file(`${SYSTEM_TABLES}/x`, "");
    world.file(`${VENDOR_LAYERS}/00-default.toml`, "# Nothing.\n");
    world.file(ADMIN_LAYER, QEMU);
    for (const line of lines) world.register(line);
    world.bind(await busybox(FOREIGN), PROGRAM);
    await change(world);
    return world;
  };
}

const QEMU = `[defaults]
interpreter = "qemu"
[interpreters.qemu]
path = "/usr/bin/qemu-{machine}-static"
args = ["-0", "{argv0}", "{program}"]
`;

/** A user other than root, with a home. */
const USER: RunOptions = { plain: true, env: { HOME: "/run/home" } };

/** FEX needs a page size that the kernel does not have, and therefore muvm. */
function muvm(change: Change = () => {}): () => Promise<World> {
  return changed(async (world) => {
    world.file(
      ADMIN_LAYER,
      `[defaults]
interpreter = "fex"
[muvm]
path = "/usr/bin/muvm"
page_size = ${OTHER_PAGE_SIZE}
required_paths = ["/usr/bin/muvm-guest"]
args = ["-i"]
tty_args = ["-t"]
[interpreters.fex]
path = "/usr/bin/FEX"
machines = ["${FOREIGN}"]
use_muvm = true
`,
    );
    world.file("/usr/bin/FEX", "#!/bin/sh\nexit 0\n", 0o755);
    world.file("/usr/bin/muvm", '#!/bin/sh\n[ "$*" = --help ] && echo "-i -t -e"\nexit 1\n', 0o755);
    world.file("/usr/bin/muvm-guest", "", 0o755);
    world.file("/run/home/.profile", "");
    await change(world);
  });
}
const SESSION: RunOptions = {
  plain: true,
  env: { HOME: "/run/home", XDG_RUNTIME_DIR: RUNTIME },
};

const layer = (text: string) => changed((world) => world.file(ADMIN_LAYER, text));
const LINE = lineFor(ENTRY, HANDLER, "POF");
const RIVAL = "#!/bin/sh\nexit 3\n";

export const BROKEN: Readonly<Record<string, Broken>> = {
  "a disabled entry": {
    world: changed(),
    before: `echo 0 >${ENTRY_FILE}`,
    check: "entries",
    finds: /is disabled/,
    mends: true,
  },
  "a disabled entry, by a start": {
    world: changed(),
    before: `echo 0 >${ENTRY_FILE}`,
    options: USER,
    check: "start",
    finds: /the kernel does not recognise such programs/,
  },
  "a disabled entry, by root's start": {
    world: changed(),
    before: `echo 0 >${ENTRY_FILE}`,
    options: { users: true },
    needs: ["root"],
    check: "start",
    finds: /the kernel does not recognise such programs/,
  },
  "another emulator's entry, by a start": {
    world: changed((world) => {
      world.file("/usr/bin/rival", RIVAL, 0o755);
      world.register(lineFor("rival", "/usr/bin/rival", ""));
    }),
    options: USER,
    check: "start",
    finds: /does not start this version of the handler: it exits with status 3/,
  },
  "an entry whose interpreter is missing, by a start": {
    world: changed((world) => world.register(lineFor("rival", "/usr/bin/no-rival", ""))),
    options: USER,
    check: "start",
    finds: /its interpreter is missing/,
  },
  "binfmt_misc is disabled": {
    world: changed(),
    before: `echo 0 >${BINFMT_MISC}/status`,
    check: "binfmt_misc",
    finds: /is disabled: no entry/,
    mends: true,
  },
  "binfmt_misc is not mounted": {
    world: changed(),
    before: `umount ${BINFMT_MISC}`,
    check: "binfmt_misc",
    // A world has its own namespaces; tests/commands/doctor_test.ts has a host without it.
    finds: /not mounted in this container/,
    state: "unknown",
  },
  "binfmt_misc is mounted read-only": {
    world: changed(),
    before: `mount -o remount,ro ${BINFMT_MISC}`,
    check: "binfmt_misc",
    finds: /read-only/,
    state: "warning",
    starts: true,
  },
  "a newer entry of another emulator": {
    world: changed((world) => {
      world.file("/usr/bin/rival", RIVAL, 0o755);
      world.register(lineFor("rival", "/usr/bin/rival", ""));
    }),
    check: "entries",
    finds: /was registered later/,
  },
  "an entry that takes the programs first": {
    world: changed((world) => {
      world.file("/usr/bin/rival", RIVAL, 0o755);
      world.register(lineFor("rival", "/usr/bin/rival", ""));
    }),
    check: "competitors",
    finds: /^rival \(.*programs first$/,
  },
  "an entry of binfmt-dispatcher's name with another interpreter": {
    world: registered(
      [lineFor(ENTRY, "/usr/bin/rival", "P")],
      (world) => world.file("/usr/bin/rival", RIVAL, 0o755),
    ),
    check: "entries",
    finds: /gives .* to \/usr\/bin\/rival/,
  },
  "the handler is missing": {
    world: registered([lineFor(ENTRY, HANDLER, "PO")], undefined, [HANDLER]),
    check: "handler",
    finds: /is not installed/,
  },
  "another program in the handler's place": {
    world: registered(
      [lineFor(ENTRY, HANDLER, "P")],
      (world) => world.file(HANDLER, RIVAL, 0o755),
      [
        HANDLER,
      ],
    ),
    check: "handler",
    finds: /could not be queried/,
  },
  "the handler was replaced after it was registered": {
    world: registered([LINE], async (world) => {
      const copy = `${world.directory}/handler`;
      await Deno.copyFile(BUILT_HANDLER, copy);
      world.bind(copy, HANDLER);
    }, [HANDLER]),
    before: `sleep 1.1; touch ${HANDLER}`,
    check: "registration",
    finds: /before .* was replaced/,
    state: "warning",
    starts: true,
  },
  "a line in binfmt.d that is not registered": {
    world: registered([], (world) => world.file(CONF, `${LINE}\n`)),
    check: "entries",
    finds: /nothing is registered/,
  },
  "a dangling link in binfmt.d": {
    world: registered(
      [],
      (world) => world.link(CONF, "/usr/share/binfmt-dispatcher/binfmt.d/gone.conf"),
    ),
    check: "wanted",
    finds: /is a dangling link/,
  },
  "an entry that names the main program": {
    world: registered([lineFor(ENTRY, RESOLVER, "P")]),
    check: "registration",
    finds: /names .*which stays in memory beside each program/,
    state: "warning",
    starts: true,
  },
  "an entry without flag P": {
    world: registered([lineFor(ENTRY, HANDLER, "O")]),
    check: "registration",
    finds: /lacks flag P/,
    starts: true,
  },
  "an entry with flag C": {
    world: registered([lineFor(ENTRY, HANDLER, "POC")]),
    check: "registration",
    finds: /has flag C/,
    starts: true,
  },
  "an entry without flag F that overrides one for containers": {
    world: registered([
      lineFor("qemu-other", `/usr/bin/qemu-${FOREIGN}-static`, "PF"),
      lineFor(ENTRY, HANDLER, "PO"),
    ]),
    check: "competitors",
    finds: /nothing starts in containers/,
    starts: true,
  },
  "a variable that prevents asking the handler": {
    world: changed(),
    options: { env: { LD_PRELOAD: "/usr/lib/none.so" } },
    check: "handler",
    finds: /LD_PRELOAD is set/,
    state: "unknown",
    starts: true,
  },
  "no interpreter is installed": {
    world: layer('[interpreters.qemu]\npath = "/usr/bin/none-{machine}"\n'),
    check: "interpreters",
    finds: /missing: \/usr\/bin\/none/,
  },
  "no sysroot has the program's loader": {
    world: changed(async (world) => world.bind(await dash(FOREIGN), `${DIRECTORY}/dash`)),
    program: DYNAMIC,
    check: "interpreters",
    finds: /lacks the loader/,
  },
  "an interpreter that is itself foreign": {
    world: changed((world) => {
      world.file(
        ADMIN_LAYER,
        '[interpreters.qemu]\npath = "/usr/bin/itself-foreign"\n' +
          `machines = ["${FOREIGN}"]\n`,
      );
      world.file("/usr/bin/itself-foreign", headersOf(FOREIGN), 0o755);
    }),
    check: "interpreters",
    finds: /is not a program of this machine/,
  },
  "a layer that is not TOML": {
    world: registered([LINE], (world) => world.file(ADMIN_LAYER, `[defaults\n${QEMU}`)),
    check: "layers",
    finds: /is not a valid layer: line 1/,
  },
  "an invalid value": {
    world: registered([LINE], (world) => world.file(ADMIN_LAYER, QEMU.replace('= "qemu"', "= 7"))),
    check: "layers",
    finds: /:2: defaults\.interpreter/,
  },
  "a layer that is a dangling link": {
    world: registered([LINE], (world) => {
      world.file(ADMIN_LAYER, "");
      world.link(`${ADMIN_LAYERS}/10-qemu.toml`, "/opt/qemu.toml");
    }),
    check: "layers",
    finds: /10-qemu.toml is a dangling link/,
  },
  "a user's layer that others can write": {
    world: registered([LINE], (world) => {
      world.file(ADMIN_LAYER, "");
      world.file("/run/home/.config/binfmt-dispatcher/binfmt-dispatcher.toml", QEMU, 0o666);
    }),
    options: USER,
    check: "layers",
    finds: /~\/.config.*is ignored: every user can write/,
  },
  "the program has been stripped": {
    world: registered([LINE], async (world) => {
      const stripped = `${world.directory}/stripped`;
      await outputOf(["strip", "-o", stripped, BUILT_PROGRAM]);
      world.bind(stripped, RESOLVER);
      world.bind(BUILT_PROGRAM, COPY);
    }, [RESOLVER]),
    options: USER,
    needs: ["binutils"],
    doctor: COPY,
    check: "resolver",
    finds: /was stripped/,
  },
  "the program is not installed": {
    world: registered([LINE], (world) => world.bind(BUILT_PROGRAM, COPY), [RESOLVER]),
    doctor: COPY,
    check: "resolver",
    finds: /is not installed/,
  },
  "the program cannot start": {
    world: registered([LINE], (world) => {
      world.file(RESOLVER, "#!/bin/sh\nkill -SEGV $$\n", 0o755);
      world.bind(BUILT_PROGRAM, COPY);
    }, [RESOLVER]),
    options: USER,
    doctor: COPY,
    check: "resolver",
    finds: /it is killed by SIGSEGV/,
  },
  "no table can be stored": {
    world: changed(),
    options: { plain: true },
    check: "tables",
    finds: /none is kept/,
    state: "warning",
    starts: true,
  },
  "a torn table": {
    world: changed((world) => world.file(`${SYSTEM_TABLES}/routes-${FORMAT_VERSION}`, "torn")),
    options: USER,
    check: "tables",
    finds: /is corrupt/,
    state: "warning",
    starts: true,
  },
  "muvm without its requirements": {
    world: muvm((world) => {
      const text = Deno.readTextFileSync(world.outside(ADMIN_LAYER));
      world.file(ADMIN_LAYER, text.replace("muvm-guest", "none"));
    }),
    options: SESSION,
    check: "muvm",
    finds: /\/usr\/bin\/none is missing/,
  },
  "muvm is not installed": {
    world: muvm((world) => {
      const text = Deno.readTextFileSync(world.outside(ADMIN_LAYER));
      world.file(ADMIN_LAYER, text.replace('"/usr/bin/muvm"', '"/usr/bin/no-muvm"'));
    }),
    options: SESSION,
    check: "muvm",
    finds: /no-muvm is missing/,
  },
  "muvm is too old": {
    world: muvm((world) => world.file("/usr/bin/muvm", "#!/bin/sh\nexit 1\n", 0o755)),
    options: SESSION,
    check: "muvm",
    finds: /too old: it does not support -i, -t, -e/,
  },
  "muvm without a session": {
    world: muvm(),
    options: USER,
    check: "muvm",
    finds: /XDG_RUNTIME_DIR is not set/,
  },
  "muvm for root": {
    world: muvm(),
    check: "muvm",
    finds: /refuses root/,
    state: "unknown",
  },
  "the incumbent's polkit file": {
    world: changed((world) =>
      world.file("/usr/share/polkit-1/actions/org.AsahiLinux.binfmt_dispatcher.policy", "")
    ),
    check: "polkit",
    finds: /without a password/,
    starts: true,
    mends: false,
  },
  "a program that is not executable": {
    world: changed((world) => world.file(`${DIRECTORY}/text`, headersOf(FOREIGN))),
    program: `${DIRECTORY}/text`,
    check: "explain",
    finds: /not marked as executable.\nMake it executable: chmod/,
  },
  "a file system mounted with noexec": {
    world: changed(),
    before: `mkdir /run/games && mount -t tmpfs -o noexec none /run/games` +
      ` && cp ${PROGRAM} /run/games/`,
    program: "/run/games/true",
    check: "explain",
    finds: /mounted with noexec.\nMove it/,
  },
  "a damaged program": {
    world: changed((world) => {
      world.file(`${DIRECTORY}/torn`, headersOf(FOREIGN, { interp: "/lib/x" }).slice(0, 80), 0o755);
    }),
    program: `${DIRECTORY}/torn`,
    check: "explain",
    finds: /corrupt ELF header.\nThe file is damaged/,
  },
  "a program of a machine that is not registered": {
    world: changed((world) => world.file(`${DIRECTORY}/other`, headersOf("riscv64"), 0o755)),
    program: `${DIRECTORY}/other`,
    check: "explain",
    finds:
      /does not give riscv64 programs to binfmt-dispatcher[^]*: binfmt-dispatcher enable riscv64/,
  },
  "an unknown override": {
    world: changed(),
    options: { env: { BINFMT_DISPATCHER_INTERPRETER: "qmu" } },
    check: "explain",
    finds: /names “qmu”, which is not a configured interpreter.\nTo list them: binfmt-dispatcher/,
  },
  "a rule without an installed interpreter": {
    world: changed((world) =>
      world.file(
        ADMIN_LAYER,
        `[binaries.a]\npath = "${PROGRAM}"\ninterpreter = "gone"\n` +
          `[interpreters.gone]\npath = "/usr/bin/gone"\nmachines = ["${FOREIGN}"]\n`,
      )
    ),
    check: "explain",
    finds: /: binfmt-dispatcher install [^]*\[binaries\.a\][^]*missing: \/usr\/bin\/gone/,
  },
};
