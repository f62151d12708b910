/** A world in which FEX needs muvm. Scripts run as a user other than root. */
import { ADMIN_LAYER, ADMIN_LAYERS } from "../../lib/paths.ts";
import { ROOT } from "../../tasks/start.ts";
import { type Outcome, type RunOptions, World } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { OTHER_PAGE_SIZE } from "../handler/stage.ts";
import { headersOf } from "../programs.ts";
import { FOREIGN } from "../real/foreign.ts";

export const NEEDS: readonly Ability[] = ["binfmt_misc", "compiled", "python3"];

/** Starts a command as a user, since muvm refuses root. */
export const AS_USER = ["unshare", "-U", "--map-user=1000", "--map-group=1000"];

export const RUNTIME = "/run/user/1000";

const MUVM = Deno.readTextFileSync(new URL("stand_in.py", import.meta.url));

/** An emulator that runs the script of sh behind a program's ELF header of 64 bytes. */
function emulator(name: string): string {
  return `#!/bin/sh
program=$1 EMULATOR=${name}
shift
export EMULATOR
exec sh -c "$(tail -c +65 "$program")" "$program" "$@"
`;
}

/** FEX needs a page size that the kernel does not have; box64 does not. */
function layer(linger: number): string {
  return `[defaults]
interpreter = ["fex", "box64"]
[muvm]
page_size = ${OTHER_PAGE_SIZE}
required_paths = ["/usr/bin/muvm-guest"]
linger = ${linger}
[interpreters.fex]
path = "/usr/bin/FEX"
machines = ["${FOREIGN}"]
required_paths = []
[interpreters.box64]
path = "/usr/bin/box64"
machines = ["${FOREIGN}"]
linkage = "both"
env = {}
`;
}

export interface Call {
  readonly pid: number;
  /** “machine” if the call became the virtual machine. */
  readonly role: "machine" | "client";
  readonly args: readonly string[];
}

/** Seconds; longer than any test, since programs cannot start while a machine ends. */
const LINGER = 60;

/**
 * Ends the machine, unless the test waits for its end, then waits for all of muvm's processes. The
 * status is 99 if that takes too long.
 */
const END = `
status=$?
pids() { sed -n 's/.*"pid":\\([0-9]*\\),"role":"'$1'".*/\\1/p' ${RUNTIME}/muvm.log 2>/dev/null; }
[ "$WAIT" = yes ] || kill $(pids machine) 2>/dev/null
SECONDS=0
for pid in $(pids '[a-z]*'); do
  while grep -qs '^State:.[^ZX]' /proc/$pid/status; do
    sleep 0.02
    [ $SECONDS -lt 40 ] || exit 99
  done
done
exit $status
`;

interface ScriptOptions extends RunOptions {
  readonly root?: boolean;
  /** Waits until the machine ends by itself. */
  readonly wait?: boolean;
}

/** The foreign program “do-it” runs its first argument, in sh. */
export class GuestWorld extends World {
  constructor(linger = LINGER) {
    super();
    this.install([FOREIGN]);
    // The shipped configuration for hosts with muvm, [muvm] included.
    const shipped = Deno.readTextFileSync(`${ROOT}/config/aarch64.toml`);
    this.file(`${ADMIN_LAYERS}/10-aarch64.toml`, shipped);
    this.file(ADMIN_LAYER, layer(linger));
    this.file("/usr/bin/muvm", MUVM, 0o755);
    this.file("/usr/bin/muvm-guest", "", 0o755);
    this.file("/usr/bin/FEX", emulator("FEX"), 0o755);
    this.file("/usr/bin/box64", emulator("box64"), 0o755);
    this.program("/usr/bin/do-it", 'eval "$1"');
    Deno.mkdirSync(this.outside(RUNTIME), { recursive: true, mode: 0o700 });
  }

  /** Installs a foreign program that runs this sh script. */
  program(path: string, script: string): void {
    const head = headersOf(FOREIGN);
    this.file(path, new Uint8Array([...head, ...new TextEncoder().encode(script)]), 0o755);
  }

  /** Runs a script, as a user. */
  async script(script: string, options: ScriptOptions = {}): Promise<Outcome> {
    const env = { XDG_RUNTIME_DIR: RUNTIME, HOME: "/run", ...options.env };
    const command = ["bash", "-c", `WAIT=${options.wait ? "yes" : "no"}\n${script}${END}`];
    return await this.run(options.root ? command : [...AS_USER, ...command], { ...options, env });
  }

  /** The calls of muvm, in order. */
  calls(): Call[] {
    let text = "";
    try {
      text = Deno.readTextFileSync(this.outside(`${RUNTIME}/muvm.log`));
    } catch {
      // muvm was not called.
    }
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line)).filter(({ role }) => role !== "guest");
  }
}
