/**
 * A world with the real pkexec, polkitd and its own system bus. Its users are alice (1000) and bob
 * (1001), and carol (1002), the administrator. It has no systemd and no session, as over ssh.
 */
import { type Answer, type Outcome, type RunOptions } from "../../tasks/world.ts";
import { ROOT } from "../../tasks/start.ts";
import type { Ability } from "../abilities.ts";
import { InstallWorld, NEEDS_ALICE } from "./install_world.ts";

export const NEEDS_POLKIT: readonly Ability[] = [...NEEDS_ALICE, "polkit"];

export const HOME = "/run/homes/alice";

/** The prompt for a password. */
const PROMPT = "Password: ";
export const PASSWORD = "sesame\n";
export const ALICES_PASSWORD = "mellon\n";

/** A yes to the question whether to install. */
export const YES: Answer = ["Install? [y/N] ", "y\n"];

/** Files with the name of alice's terminal, and its process. */
const TERMINAL = "/run/shared/terminal";
const WINDOW = "/run/window";

const ACTIONS = "/usr/share/polkit-1/actions";
const POLICY = "org.binfmt-dispatcher.policy";

const PEOPLE = ["alice", "bob", "carol"];

/** From `openssl passwd -5`. */
const PASSWORDS: Readonly<Record<string, string>> = {
  alice: "$5$alice$Rc2kcJbOCjxPiWOmwFLxHjd50TSX2PUtKFSAhUFnwz4",
  carol: "$5$carol$yMz2wmy5AeHtn8Kqyy0R674T2jZlv.ThIlfl2bBlv/0",
};

/** Debian's, without the delay after a wrong password. */
const PAM = `auth required pam_unix.so nodelay
account required pam_unix.so
session required pam_permit.so
`;

/** Debian's system bus, with only polkitd on it. */
const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <user>messagebus</user>
  <auth>EXTERNAL</auth>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/>
  </policy>
  <include>/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf</include>
</busconfig>
`;

/** Starts the bus and polkitd, runs a command, and ends them. */
const WITH_POLKIT = `
mkdir -p /run/dbus
cd /
dbus-daemon --config-file=/etc/dbus-1/test.conf --nofork --nopidfile > /run/bus.log 2>&1 &
bus=$!
tries=0
wait_for() {
  until "$@" > /run/waits.log 2>&1; do
    tries=$((tries + 1))
    if [ $tries -gt 200 ]; then cat /run/*.log >&2; return 1; fi
    sleep 0.05
  done
}
wait_for test -S /run/dbus/system_bus_socket
/usr/lib/polkit-1/polkitd > /run/polkitd.log 2>&1 &
authority=$!
wait_for pkaction --action-id org.freedesktop.policykit.exec
cd "$1"; shift
status=0
timeout -k 5 100 "$@" || status=$?
kill $authority $bus
wait
exit $status
`;

/** A rule that decides nothing, and logs what polkitd is asked for. */
const LOGGING = `polkit.addRule(function(action) {
  polkit.log("asked for " + action.id + ": " + action.lookup("command_line"));
});`;

export class PolkitWorld extends InstallWorld {
  constructor(layer?: string) {
    super(layer);
    this.#people();
    this.file("/etc/dbus-1/test.conf", BUS);
    this.file("/etc/pam.d/polkit-1", PAM);
    this.file(`${ACTIONS}/${POLICY}`, Deno.readTextFileSync(`${ROOT}/config/${POLICY}`));
    this.rule(
      "10-administrator",
      `polkit.addAdminRule(function() { return ["unix-user:carol"]; });`,
    );
    this.rule("20-log", LOGGING);
    this.file("/run/polkit", WITH_POLKIT);
    Deno.mkdirSync(this.outside(HOME), { recursive: true });
    Deno.chownSync(this.outside(HOME), 1000, 1000);
  }

  #people(): void {
    const others = (path: string) =>
      Deno.readTextFileSync(path).split("\n").filter((line) =>
        /^(?:root|messagebus|polkitd):/.test(line)
      );
    const lines = (line: (name: string, id: number) => string) =>
      PEOPLE.map((name, i) => line(name, 1000 + i));
    const whole = (...lines: string[]) => `${lines.join("\n")}\n`;
    const users = lines((name, id) => `${name}:x:${id}:${id}::/run/homes/${name}:/bin/sh`);
    const groups = lines((name, id) => `${name}:x:${id}:`);
    const secrets = PEOPLE.map((name) => `${name}:${PASSWORDS[name] ?? "*"}:19000:0:99999:7:::`);
    this.file("/etc/passwd", whole(...others("/etc/passwd"), ...users));
    this.file("/etc/group", whole(...others("/etc/group"), ...groups));
    this.file("/etc/shadow", whole("root:*:19000:0:99999:7:::", ...secrets), 0o600);
  }

  /** A polkit rule, in JavaScript. */
  rule(name: string, text: string): void {
    this.file(`/etc/polkit-1/rules.d/${name}.rules`, `${text}\n`);
  }

  /** Types a password when the echo is off; until then the terminal would discard it. */
  secret(keys: string, before = () => {}): Answer {
    return [PROMPT, async () => {
      const path = await this.lineIn(TERMINAL);
      for (let tries = 0; tries < 200; tries++) {
        const { stdout } = await new Deno.Command("stty", { args: ["-F", path, "-a"] }).output();
        if (/ -echo /.test(new TextDecoder().decode(stdout))) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      before();
      return keys;
    }];
  }

  /** Closes alice's terminal. */
  closeTerminal(): void {
    Deno.kill(Number(Deno.readTextFileSync(this.outside(WINDOW))), "SIGKILL");
  }

  /** Waits for a line in a file of the world. */
  async lineIn(path: string): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const text = await Deno.readTextFile(this.outside(path)).catch(() => "");
      if (text.endsWith("\n")) return text.trim();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`nothing was written to ${path}`);
  }

  polkitLog(): string[] {
    return Deno.readTextFileSync(this.outside("/run/polkitd.log")).split("\n");
  }

  /** Runs a command as root, with polkitd running. */
  async withPolkit(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const place = options.cwd ?? "/";
    const within = ["sh", "-eu", "/run/polkit", place, ...argv];
    return await this.run(within, { ...options, cwd: "/", users: true });
  }

  /** Runs words of sh as alice in a terminal, where she gives these answers. */
  async alice(
    words: string,
    answers: readonly Answer[] = [],
    options: RunOptions = {},
  ): Promise<Outcome> {
    this.file("/run/words", `tty > ${TERMINAL}\n${words}`);
    const shell = [...ALICE, "sh", "/run/words"].join(" ");
    const script = `echo $$ > ${WINDOW}; exec script -qec '${shell}' /dev/null`;
    const env = { HOME, ...options.env };
    const ended = await this.withPolkit(["sh", "-c", script], { ...options, env, answers });
    return { ...ended, stdout: ended.stdout.replaceAll("\r\n", "\n") };
  }

  /** Runs words of sh as alice, without a terminal. */
  async aliceWithoutTerminal(words: string, options: RunOptions = {}): Promise<Outcome> {
    this.file("/run/words", words);
    const env = { HOME, ...options.env };
    return await this.withPolkit(["setsid", "-w", ...ALICE, "sh", "/run/words"], {
      ...options,
      env,
    });
  }
}

const ALICE = [
  ...["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"],
  ...["--inh-caps=-all", "--"],
];
