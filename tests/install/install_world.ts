/**
 * A world without an interpreter that a program needs, and with scripts in place of apt, pkexec
 * and dialogs. Scripts record their command lines. Real package managers have their own tests.
 */
import { assert } from "@std/assert";
import { basename } from "@std/path";
import { APT } from "../../lib/install/managers/apt.ts";
import type { CommandLine } from "../../lib/install/command_line.ts";
import { VENDOR_LAYERS } from "../../lib/paths.ts";
import { type Answer, type Outcome, type RunOptions, World } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { register } from "../real/foreign.ts";

export const NEEDS: readonly Ability[] = ["world", "compiled"];

/** The command line by which apt installs packages, as scripts record it. */
export function aptInstall(...packages: readonly string[]): string {
  return recorded(APT.install("/usr/bin/apt-get", packages));
}

/** Recorded if emu is offered. */
export const QUERY = recorded(APT.queries("/usr/bin/apt-get", ["emu", "emu-extras"])[0]!);
/** Recorded if emu is installed. */
export const INSTALLED = aptInstall("emu", "emu-extras");

function recorded({ path, args }: CommandLine): string {
  return [basename(path), ...args].join(" ");
}

/** A machine without a processor. */
export const MACHINE = "hexagon";

/** The interpreter, below /run since a world's /usr is read-only inside. */
export const EMULATOR = `/run/shared/emulator-${MACHINE}`;
export const PROGRAM = "/usr/bin/game";

/** The scripts' command lines. */
const LOG = "/run/shared/log";

/** The interpreter's file before it is installed. */
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

/** Installs the interpreter, in sh. */
export const INSTALL_SCRIPT = `cp ${STORE} ${EMULATOR}`;

/** A script that answers `apt-cache show` for these packages. */
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
    this.script("apt-get", INSTALL_SCRIPT);
    // For alice, and for root inside allowPkexec().
    Deno.mkdirSync(this.outside("/run/shared"));
    Deno.chmodSync(this.outside("/run/shared"), 0o777);
    register(this, MACHINE);
  }

  /** The packages that apt-cache knows. */
  aptHas(...packages: readonly string[]): void {
    this.script("apt-cache", aptCache(packages));
  }

  /** A script in /usr/bin that records its command line, then runs these words of sh. */
  script(name: string, words: string): void {
    const log = `printf '%s\\n' "\${0##*/} $*" >> ${LOG}`;
    this.file(`/usr/bin/${name}`, `#!/bin/sh\n${log}\n${words}\n`, 0o755);
  }

  /** Makes pkexec give root privileges without a password, and makes the directory /run/home. */
  allowPkexec(): void {
    Deno.mkdirSync(this.outside("/run/home"));
    this.script("pkexec", 'exec unshare --map-root-user "$@"');
  }

  /** Hides a program of the machine below /usr/bin. */
  hide(name: string): void {
    this.reveal(name);
    this.link(`/usr/bin/${name}`, "/nowhere");
  }

  /** Undoes hide(), and removes the world's own script of that name. */
  reveal(name: string): void {
    try {
      Deno.removeSync(this.outside(`/usr/bin/${name}`));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Dates the last refusal to 1970. */
  forgetRefusal(): void {
    Deno.utimeSync(this.outside("/run/binfmt-dispatcher/asked"), 0, 0);
  }

  /** The scripts' command lines since the last call. */
  takeLog(): string[] {
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
   * Runs a script of sh in a terminal. A person types these keys at the question whether to
   * install, or gives these answers. `stdout` is all that the terminal shows.
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

  /** Runs a command without a terminal. */
  withoutTerminal(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.run(["setsid", "-w", ...argv], options);
  }
}

interface InTerminal extends RunOptions {
  /** As alice, who is not root; see NEEDS_ALICE. */
  readonly alice?: boolean;
}

/** Only root can make a namespace with several users. */
export const NEEDS_ALICE: readonly Ability[] = [...NEEDS, "binfmt_misc", "root"];

export function assertIncludes(text: string, ...pieces: readonly string[]): void {
  for (const piece of pieces) assert(text.includes(piece), `no “${piece}” in:\n${text}`);
}

/** How often a text contains this. */
export function times(text: string, piece: string): number {
  return text.split(piece).length - 1;
}

const ALICE = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"];
