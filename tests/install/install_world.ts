/**
 * A world in which an interpreter is missing, with a package manager that installs it: a script
 * that records what it was asked. Real package managers have tests of their own.
 */
import { basename } from "@std/path";
import { APT } from "../../lib/install/managers/apt.ts";
import type { CommandLine } from "../../lib/install/command_line.ts";
import { VENDOR_LAYERS } from "../../lib/paths.ts";
import { type Answer, type Outcome, type RunOptions, World } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { register } from "../real/foreign.ts";

export const NEEDS: readonly Ability[] = ["world", "compiled"];

/** What scripts record: how apt is queried, and installs packages. */
export function aptAsked(...packages: readonly string[]): string {
  return told(APT.queries("/usr/bin/apt-get", packages)[0]!);
}

export function aptInstalled(...packages: readonly string[]): string {
  return told(APT.install("/usr/bin/apt-get", packages));
}

function told({ path, args }: CommandLine): string {
  return [basename(path), ...args].join(" ");
}

/** A machine without a processor. */
export const MACHINE = "hexagon";

/** What is installed; a world's /usr cannot be written from inside. */
export const EMULATOR = `/run/brought/emulator-${MACHINE}`;
export const PROGRAM = "/usr/bin/game";

/** Everything that this world's scripts were asked, one per line. */
const LOG = "/run/brought/log";

/** Where a script finds what it can install. */
export const STORE = "/usr/store/emulator";

export const LAYER = `[defaults]
interpreter = "emu"
[interpreters.emu]
name = "Emu"
path = "${EMULATOR}"
machines = ["${MACHINE}"]
hint = "Ask your dealer"
[interpreters.emu.packages]
apt = ["emu", "emu-extras?"]
dnf = ["emu-rpm"]
pacman = ["emu-arch"]
zypper = ["emu-suse"]
`;

/** The manager's part, in sh. */
export const BRINGS = `cp ${STORE} ${EMULATOR}`;

/** The relevant part of `apt-cache show` for these packages. */
function aptCache(packages: readonly string[]): string {
  const known = packages.map((name) =>
    `${name}) printf 'Package: ${name}\\nVersion: 1\\nSize: 120000000\\n\\n';;`
  );
  return `for name in "$@"; do case $name in ${known.join(" ")} esac; done; exit 0`;
}

export class InstallWorld extends World {
  constructor(layer: string = LAYER) {
    super();
    this.install();
    this.file(`${VENDOR_LAYERS}/00-default.toml`, layer);
    this.file(PROGRAM, headersOf(MACHINE), 0o755);
    this.file(STORE, '#!/bin/sh\necho "emulator $0 has $*"\n', 0o755);
    this.file("/etc/os-release", "ID=debian\n");
    this.aptHas("emu", "emu-extras");
    this.script("apt-get", BRINGS);
    // Writable by all, as for pkexec's root.
    Deno.mkdirSync(this.outside("/run/brought"));
    Deno.chmodSync(this.outside("/run/brought"), 0o777);
    register(this, MACHINE);
  }

  aptHas(...packages: readonly string[]): void {
    this.script("apt-cache", aptCache(packages));
  }

  /** A program in /usr/bin that records what it was asked, and then does this. */
  script(name: string, words: string): void {
    const log = `printf '%s\\n' "\${0##*/} $*" >> ${LOG}`;
    this.file(`/usr/bin/${name}`, `#!/bin/sh\n${log}\n${words}\n`, 0o755);
  }

  /** Makes pkexec succeed without a password, and makes a home for alice. */
  agree(): void {
    Deno.mkdirSync(this.outside("/run/home"));
    this.script("pkexec", 'exec unshare --map-root-user "$@"');
  }

  /** Hides a program of the machine. */
  hide(name: string): void {
    this.reveal(name);
    this.link(`/usr/bin/${name}`, "/nowhere");
  }

  /** Undoes that, and removes the world's own file there. */
  reveal(name: string): void {
    try {
      Deno.removeSync(this.outside(`/usr/bin/${name}`));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** As if the last refusal were long ago. */
  forgetNo(): void {
    Deno.utimeSync(this.outside("/run/binfmt-dispatcher/asked"), 0, 0);
  }

  /** What scripts were asked since the last call. */
  take(): string[] {
    const path = this.outside(LOG);
    try {
      const lines = Deno.readTextFileSync(path).split("\n").slice(0, -1);
      Deno.removeSync(path);
      return lines;
    } catch {
      return [];
    }
  }

  /**
   * Runs a script of sh in a terminal at which a person types these keys when the question comes,
   * or these answers; `stdout` is all that it shows.
   */
  async atTerminal(
    words: string,
    keys: string | readonly Answer[],
    options: InTerminal = {},
  ): Promise<Outcome> {
    const { alice = false, ...rest } = options;
    this.file("/run/words", words);
    const command = [...(alice ? ALICE : []), "sh", "/run/words"].join(" ");
    const argv = ["script", "-qfec", command, "/dev/null"];
    const typed = keys === ""
      ? { stdin: "" }
      : { answers: typeof keys === "string" ? [["Install? [y/N] ", keys] as const] : keys };
    const env = alice ? { ...this.#homeOfAlice(), ...rest.env } : rest.env ?? {};
    const ended = await this.run(argv, { ...rest, env, users: alice, ...typed });
    return { ...ended, stdout: ended.stdout.replaceAll("\r\n", "\n") };
  }

  #homeOfAlice(): { readonly HOME: string } {
    const HOME = "/run/alice";
    Deno.mkdirSync(this.outside(HOME), { recursive: true });
    Deno.chownSync(this.outside(HOME), 1000, 1000);
    return { HOME };
  }

  /** Runs a command with neither a terminal nor a display. */
  alone(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.run(["setsid", "-w", ...argv], options);
  }
}

interface InTerminal extends RunOptions {
  /** As alice, who is not root; see NEEDS_ALICE. */
  readonly alice?: boolean;
}

/** Only root can have a namespace with other people. */
export const NEEDS_ALICE: readonly Ability[] = [...NEEDS, "binfmt_misc", "root"];

const ALICE = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"];
