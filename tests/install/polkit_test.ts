// Shows docs/security.md#a-local-user-against-the-privileged-side
// Shows docs/security.md#a-local-user-with-an-administrators-rule
// Shows docs/security.md#failed-authentication
/** The privileged side, through the real pkexec and polkitd. */
import { assert, assertEquals } from "@std/assert";
import { RESOLVER, USER_LAYER } from "../../lib/paths.ts";
import { ROOT } from "../../tasks/start.ts";
import { test } from "../abilities.ts";
import {
  assertIncludes,
  EMULATOR,
  INSTALL_SCRIPT,
  INSTALLED,
  LAYER,
  MACHINE,
  PROGRAM,
  QUERY,
  STORE,
  times,
} from "./install_world.ts";
import { ClosingAgent } from "./closing_agent.ts";
import { ALICES_PASSWORD, HOME, NEEDS_POLKIT, PASSWORD, PolkitWorld, YES } from "./polkit_world.ts";

const ACTION = "org.binfmt-dispatcher.install";
const GENERIC = "org.freedesktop.policykit.exec";
const NEED = `emu@${MACHINE}`;
const PRIVILEGED = `${RESOLVER} privileged-install ${NEED}`;

const BY_HAND = "As root: apt install emu emu-extras";
const MESSAGE = "Authentication is required to install what a program needs to run here";

/** An administrator's rule that lets alice install without a password. */
const GRANT = `polkit.addRule(function(action, subject) {
  if (action.id == "${ACTION}" && subject.user == "alice") return polkit.Result.YES;
});`;

function polkit(name: string, fn: (world: PolkitWorld) => Promise<void>): void {
  test({
    name,
    needs: NEEDS_POLKIT,
    fn: async () => {
      using world = new PolkitWorld();
      await fn(world);
    },
  });
}

polkit(
  "polkitd takes the policy: an administrator's password each time, for one command",
  async (world) => {
    const argv = ["pkaction", "--verbose", "--action-id", ACTION];
    const { status, stdout } = await world.withPolkit(argv);
    assertEquals(status, 0, stdout);
    const facts = stdout.split("\n").slice(1).map((line) => line.trim().split(/:? {2,}|: /));
    const of = (name: string) => facts.filter(([first]) => first === name).map(([, fact]) => fact);
    for (const who of ["any", "inactive", "active"]) {
      assertEquals(of(`implicit ${who}`), ["auth_admin"]);
    }
    assertEquals(of("message"), [MESSAGE]);
    assertEquals(of("annotation"), [
      `org.freedesktop.policykit.exec.path -> ${RESOLVER}`,
      "org.freedesktop.policykit.exec.argv1 -> privileged-install",
    ]);
    assertEquals(of("icon").map((icon) => Deno.statSync(`${ROOT}/config/${icon}.svg`).isFile), [
      true,
    ]);
  },
);

polkit(
  "in a terminal, a yes and carol's password let the program run as it was started",
  async (world) => {
    world.file(STORE, '#!/bin/sh\necho "$$ has $# words: $*; $A; $(cat <&7)"\nexit 7\n', 0o755);
    world.file("/run/seven", "seven");
    world.file("/run/start", `exec 7</run/seven; echo $$; A=b exec ${PROGRAM} one '' two`);
    const words =
      `sh /run/start; echo status $?; stat -c %U ${EMULATOR}; stty -a | grep -o '[ -]echo '`;
    const { stdout } = await world.alice(words, [YES, world.secret(PASSWORD)]);
    assertIncludes(
      stdout,
      "You will be asked for an administrator's password",
      MESSAGE,
      ACTION,
      ": carol\n",
    );
    const [, started] = /^(\d+)$/m.exec(stdout)!;
    assertIncludes(
      stdout,
      `Emu is installed.\n${started} has 4 words: ${PROGRAM} one  two; b; seven\n`,
    );
    assertIncludes(stdout, "status 7\nroot\n echo \n");
    assert(!stdout.includes(PASSWORD.trim()), stdout);
    assertEquals(world.takeLog(), [QUERY, QUERY, INSTALLED]);
  },
);

polkit(
  "a password is good for one installation only",
  async (world) => {
    // polkit would remember a password for the process, the shell, which is the same both times.
    const agent =
      "mkfifo $HOME/pipe; pkttyagent --process $$ --notify-fd 3 3> $HOME/pipe & cat $HOME/pipe";
    const words = `${agent}; for i in 1 2; do pkexec ${PRIVILEGED}; echo status $?; done; kill $!`;
    const { stdout } = await world.alice(words, [world.secret(PASSWORD), world.secret(PASSWORD)]);
    assertEquals([times(stdout, MESSAGE), times(stdout, "status 0")], [2, 2], stdout);
    assertEquals(world.takeLog(), [QUERY, INSTALLED, QUERY, INSTALLED]);
  },
);

for (
  const [what, keys, status, why] of [
    ["a wrong password", "friend\n", 127, "pkexec could not obtain root privileges"],
    ["alice's own password", ALICES_PASSWORD, 127, "pkexec could not obtain root privileges"],
    ["no password", "\n", 127, "pkexec could not obtain root privileges"],
    ["Ctrl-D", "\x04", 127, "pkexec could not obtain root privileges"],
    ["Ctrl-C", "\x03", 126, "authentication was cancelled"],
  ] as const
) {
  polkit(
    `${what} installs nothing, and a message says what to do`,
    async (world) => {
      const words = `trap : INT; ${PROGRAM}; echo status $?; stty -a | grep -o '[ -]echo '`;
      const { stdout } = await world.alice(words, [YES, world.secret(keys)]);
      assertIncludes(stdout, `Emu could not be installed: ${why}\n`, `status ${status}\n echo \n`);
      assertEquals(stdout.includes(BY_HAND), status === 127, stdout);
      assertEquals([times(stdout, "Install?"), times(stdout, MESSAGE)], [1, 1], stdout);
      assertEquals(world.takeLog(), [QUERY]);
    },
  );
}

polkit("a terminal that is closed at the password prompt leaves nothing behind", async (world) => {
  const { status } = await world.alice(PROGRAM, [
    YES,
    world.secret("", () => world.closeTerminal()),
  ]);
  assertEquals(status, 137);
  assertEquals(world.takeLog(), [QUERY]);
});

polkit(
  "without a terminal and a desktop pkexec refuses, and a message says what to do",
  async (world) => {
    const words =
      `${PROGRAM}; echo status $?; ${RESOLVER} install --yes ${PROGRAM}; echo status $?`;
    const { stdout, stderr } = await world.aliceWithoutTerminal(words);
    assertEquals(stdout, "status 127\nstatus 1\n");
    assertIncludes(
      stderr,
      "or as root: apt install emu",
      "pkexec could not obtain root privileges",
      BY_HAND,
    );
    assertEquals(world.polkitLog().filter((line) => line.startsWith("asked")), [
      `asked for ${ACTION}: ${PRIVILEGED}`,
    ]);
    assertEquals(world.takeLog(), [QUERY]);
  },
);

polkit(
  "closing the desktop's password window cancels the installation",
  async (world) => {
    // `install` starts once the agent is registered for its process.
    const wait = "until [ -e /run/shared/served ]; do sleep 0.05; done";
    const words =
      `echo $$ > /run/shared/process; ${wait}; exec ${RESOLVER} install --yes ${PROGRAM}`;
    const ended = world.aliceWithoutTerminal(`sh -c '${words}'; echo status $?`);
    const process = await world.lineIn("/run/shared/process");
    const socket = world.outside("/run/dbus/system_bus_socket");
    using agent = await ClosingAgent.register(socket, Number(process), 1000);
    world.file("/run/shared/served", "");
    await agent.close();
    const { stdout, stderr } = await ended;
    assertIncludes(stderr, "Request dismissed", "authentication was cancelled");
    assertEquals(stdout, "status 126\n");
    assertEquals(world.takeLog(), [QUERY]);
  },
);

for (
  const [what, change, said] of [
    [
      "is missing",
      (world: PolkitWorld) => world.hide("pkexec"),
      "/usr/bin/pkexec is not installed",
    ],
    [
      "is not setuid",
      (world: PolkitWorld) =>
        world.file("/usr/bin/pkexec", Deno.readFileSync("/usr/bin/pkexec"), 0o755),
      "pkexec must be setuid root",
    ],
    [
      "knows no administrator",
      (world: PolkitWorld) => world.rule("05-no", "polkit.addRule(function() { return 'no'; });"),
      "pkexec could not obtain root privileges",
    ],
  ] as const
) {
  polkit(`if pkexec ${what}, a message says what to do`, async (world) => {
    change(world);
    const { stdout } = await world.alice(`${PROGRAM}; echo status $?`, [YES]);
    assertIncludes(stdout, said, BY_HAND, "status 127");
    assertEquals(world.takeLog(), [QUERY]);
  });
}

polkit("without a bus or polkitd, a message says what to do", async (world) => {
  const words = `${PROGRAM}; echo status $?`;
  const { stdout } = await world.atTerminal(words, "y\n", { alice: true });
  assertIncludes(stdout, "pkexec could not obtain root privileges", BY_HAND, "status 127");
  assertEquals(world.takeLog(), [QUERY]);
});

polkit(
  "under no_new_privs a start does not ask, and install fails with a message",
  async (world) => {
    const limited = "setpriv --no-new-privs";
    const install = `${RESOLVER} install ${PROGRAM}`;
    const words = `${limited} ${PROGRAM}; echo status $?; ${limited} ${install}; echo status $?`;
    const { stdout } = await world.alice(words, [YES]);
    const [start, installed] = stdout.split("status 127\n");
    assertIncludes(start!, "or as root: apt install emu");
    assertEquals(times(start!, "Install?"), 0);
    assertIncludes(installed!, "pkexec must be setuid root", BY_HAND, "status 1");
    assertEquals(world.takeLog(), [QUERY]);
  },
);

polkit("a user who needs no password for the action can only install", async (world) => {
  world.rule("50-grant", GRANT);
  world.file("/run/script", "#!/bin/sh\necho evil >> /run/shared/log\n", 0o755);
  const others = [
    ...[RESOLVER, `${RESOLVER} install --yes ${PROGRAM}`, `${RESOLVER} routes`],
    ...[`${RESOLVER} --root /run ${NEED}`, `${RESOLVER} --root=/run privileged-install ${NEED}`],
    ...[`${RESOLVER} -- privileged-install ${NEED}`, `${RESOLVER} privileged-installs ${NEED}`],
    ...["$HOME/binfmt-dispatcher", "$HOME/link", "binfmt-dispatcher", "/bin/binfmt-dispatcher"]
      .map((program) => `${program} privileged-install ${NEED}`),
    ...[`/usr/bin/../bin/binfmt-dispatcher privileged-install ${NEED}`, "/bin/sh -c true"],
  ];
  const words = `cd; cp /run/script binfmt-dispatcher; ln -s ${RESOLVER} link; PATH=$HOME:$PATH
${others.map((line) => `pkexec ${line} 2>/dev/null; echo $?`).join("\n")}
pkexec ${PRIVILEGED} ${NEED}; echo $?
pkexec ${RESOLVER} privileged-install --root=/run ${NEED}; echo $?
pkexec ${RESOLVER} privileged-install --help; echo $?
pkexec ${RESOLVER} privileged-install evil@${MACHINE}; echo $?
pkexec --user bob ${PRIVILEGED}; echo $?
pkexec ${PRIVILEGED}; echo $?`;
  Deno.mkdirSync(world.outside("/run/homes/bob"));
  const { stdout, stderr } = await world.aliceWithoutTerminal(words);
  const refused = others.map(() => "127");
  assertEquals(stdout.split("\n"), [...refused, "2", "2", "2", "2", "2", "0", ""], stderr);
  assertIncludes(stderr, "only root may install packages");
  const asked = world.polkitLog().filter((line) => line.startsWith("asked for "));
  const [generic, own] = [asked.slice(0, others.length), asked.slice(others.length)];
  assertEquals(generic.filter((line) => !line.startsWith(`asked for ${GENERIC}: `)), []);
  assertEquals(own.filter((line) => !line.startsWith(`asked for ${ACTION}: `)), []);
  assertEquals(own.length, 6);
  assertEquals(world.takeLog(), [QUERY, INSTALLED]);
});

/** Variables that lead to files in alice's home. */
const EVIL = {
  XDG_CONFIG_HOME: `${HOME}/.config`,
  XDG_DATA_HOME: HOME,
  XDG_RUNTIME_DIR: HOME,
  TMPDIR: HOME,
  PATH: `${HOME}/bin:/usr/bin:/bin`,
  LD_PRELOAD: `${HOME}/evil.so`,
  LD_LIBRARY_PATH: HOME,
  LD_AUDIT: `${HOME}/evil.so`,
  DENO_DIR: HOME,
  DENO_V8_FLAGS: `--logfile=${HOME}/log`,
  DENO_TLS_CA_STORE: HOME,
  DENORT_BIN: HOME,
  NODE_OPTIONS: `--require ${HOME}/evil.js`,
  APT_CONFIG: `${HOME}/apt.conf`,
  PYTHONPATH: HOME,
  PERL5LIB: HOME,
  BASH_ENV: `${HOME}/bin/apt-get`,
  ENV: `${HOME}/bin/apt-get`,
  GCONV_PATH: HOME,
  BINFMT_DISPATCHER_INTERPRETER: "evil",
  DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${HOME}/bus`,
  PKEXEC_UID: "0",
} as const;

const EVIL_LAYER = LAYER.replaceAll("emu", "evil") +
  `[interpreters.emu]\npath = "${HOME}/bin/evil"\nmachines = ["${MACHINE}"]\n` +
  `packages = { apt = ["evil"] }\n`;

/** The lines of a trace about a command and all that it started. */
function startedBy(command: string, trace: string): string[] {
  const lines = trace.split("\n");
  const at = lines.findIndex((line) => line.includes(command) && line.includes("execve("));
  assert(at >= 0, `no start of ${command}`);
  const rest = lines.slice(at + 1);
  const ids = new Set([lines[at]!.split(" ")[0]!]);
  for (const line of rest) {
    const [, parent, child] = /^(\d+) .*\b(?:v?fork|clone3?)\b.* = (\d+)$/.exec(line) ?? [];
    if (ids.has(parent!)) ids.add(child!);
  }
  return rest.filter((line) => ids.has(line.split(" ")[0]!));
}

test({
  name: "nothing of alice's reaches root's side: variables, files, directory, umask",
  needs: [...NEEDS_POLKIT, "strace"],
  fn: async () => {
    using world = new PolkitWorld();
    world.rule("50-grant", GRANT);
    const seen = "{ env; pwd; umask; stat -c '%U %N' /proc/$$/fd/*; } > /run/shared/seen";
    world.script("apt-get", `${seen}\n${INSTALL_SCRIPT}`);
    world.file(`${HOME}/.config/${USER_LAYER}`, EVIL_LAYER);
    world.file(`${HOME}/bin/apt-get`, "#!/bin/sh\necho evil >> /run/shared/log\n", 0o755);
    for (const name of ["apt-cache", "pkexec"]) world.link(`${HOME}/bin/${name}`, "apt-get");
    const set = Object.entries(EVIL).map(([name, value]) => `${name}='${value}'`).join(" ");
    world.file("/run/evil", `cd; umask 0; exec 9<.; exec env ${set} /usr/bin/pkexec ${PRIVILEGED}`);
    const trace = "strace -f -s 4096 -e trace=%file,%process,%network -o /run/trace";
    const alice = "setpriv --reuid 1000 --regid 1000 --clear-groups sh /run/evil";
    const argv = ["setsid", "-w", ...`${trace} ${alice}`.split(" ")];
    const { status, stderr } = await world.withPolkit(argv, { env: { HOME } });
    assertEquals(status, 0, stderr);
    assertEquals(world.takeLog(), [QUERY, INSTALLED]);
    const traced = Deno.readTextFileSync(world.outside("/run/trace"));
    assert(traced.includes(HOME), "pkexec was started without her variables");
    const calls = startedBy(`["${RESOLVER}", "privileged-install"`, traced);
    assert(calls.some((line) => line.includes('execve("/usr/bin/apt-get"')), "nothing traced");
    assertEquals(calls.filter((line) => line.includes(HOME) || line.includes("evil")), []);
    const pipes = /pipe:\[\d+\]/g;
    const told = Deno.readTextFileSync(world.outside("/run/shared/seen")).replaceAll(pipes, "");
    for (const word of ["alice", "evil", "PKEXEC", "1000"]) assert(!told.includes(word), told);
    for (const line of ["/", "0022", "HOME=/root"]) assert(told.split("\n").includes(line), told);
  },
});

polkit(
  "a foreign program's start hands none of her variables to root's side",
  async (world) => {
    world.rule("50-grant", GRANT);
    world.script("apt-get", `env > /run/shared/seen; ${INSTALL_SCRIPT}`);
    const set = Object.entries({ ...EVIL, PATH: "/usr/bin:/bin" })
      .filter(([name]) => !/^(?:XDG|BINFMT|LD_PRELOAD|LD_AUDIT)/.test(name))
      .map(([name, value]) => `${name}='${value}'`).join(" ");
    const words = `cd; umask 0; env ${set} LD_PRELOAD=libc.so.6 ${PROGRAM}; echo status $?`;
    const { stdout } = await world.alice(words, [YES]);
    assertIncludes(stdout, "emulator ", "status 0");
    assertEquals(world.takeLog(), [QUERY, QUERY, INSTALLED]);
    const told = Deno.readTextFileSync(world.outside("/run/shared/seen"));
    for (const word of ["alice", "evil", "PKEXEC"]) assert(!told.includes(word), told);
  },
);
