/**
 * A user and mount namespace for a real package manager: writes to /etc, /usr, /var, /root and
 * /run go to the test's directory. The manager gets the command lines that users get, and really
 * installs its packages.
 */
import { dirname } from "@std/path";
import { assert } from "@std/assert";
import type { CommandLine } from "../../../lib/install/command_line.ts";
import type { Manager } from "../../../lib/install/managers/manager.ts";
import { managerEnvironment } from "../../../lib/install/managers/manager_environment.ts";
import { type Trouble, trouble } from "../../../lib/install/managers/trouble.ts";

const DIRECTORIES = ["etc", "usr", "var", "root", "run"];

/**
 * $1: the sandbox's directory; then the command. apt's lists and archives are new, since the
 * machine's belong to a user that the namespace does not have.
 */
const ENTER = `
set -eu
sandbox=$1; shift
for directory in ${DIRECTORIES.join(" ")}; do
  upper=$sandbox/upper/$directory beside=$sandbox/beside/$directory
  mkdir -p "$upper" "$beside"
  mount -t overlay overlay \\
    -o "userxattr,lowerdir=/$directory,upperdir=$upper,workdir=$beside" "/$directory"
done
mkdir -p /var/lib/apt/lists /var/cache/apt/archives /var/log/apt
for directory in lib/apt/lists cache/apt/archives log/apt; do
  mkdir -p "$sandbox/apt/$directory/partial"
  mount --bind "$sandbox/apt/$directory" "/var/$directory"
done
cd /
held=
. "$sandbox/before"
status=0
"$@" < /dev/null || status=$?
[ -z "$held" ] || { kill "$held"; wait "$held" || :; } 2> /dev/null
exit "$status"
`;

/** Nobody, with a home. */
const USER = 65534;
const HOME = "/var/tmp/home";
const WITH_HOME = `mkdir -p ${HOME}; chown ${USER}:${USER} ${HOME}\n`;
const AS_USER = ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups"];

export interface RunOptions {
  /** Prepares the sandbox, in sh. A process that it names in $held ends with the command. */
  readonly before?: string;
  /** As a user other than root. Needs root. */
  readonly user?: boolean;
}

/** The outcome of a command; `output` is standard output, then standard error. */
export interface Done {
  readonly status: number;
  readonly stdout: string;
  readonly output: string;
}

export class Sandbox {
  readonly directory = Deno.makeTempDirSync({ prefix: "sandbox-" });

  /** The manager that is tested, and its program. */
  constructor(readonly manager: Manager, readonly program: string) {
    // The namespace lacks the user as which apt fetches. Without retries, apt does not try for
    // seven seconds to reach servers that do not exist.
    const apt = 'APT::Sandbox::User "root";\nAcquire::Retries "0";\n';
    this.write("/etc/apt/apt.conf.d/sandbox", apt);
    // Only the test's repositories.
    for (const path of ["/etc/apt/sources.list.d", "/etc/yum.repos.d", "/etc/zypp/repos.d"]) {
      for (const name of names(path)) this.write(`${path}/${name}`, "");
    }
    this.write("/etc/apt/sources.list", "");
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }

  /** Puts a file below /etc, /usr, /var, /root or /run. */
  write(path: string, content: string): void {
    const outside = `${this.directory}/upper${path}`;
    Deno.mkdirSync(dirname(outside), { recursive: true });
    Deno.writeTextFileSync(outside, content);
  }

  /** Was this file created in the sandbox? */
  has(path: string): boolean {
    try {
      return Deno.statSync(`${this.directory}/upper${path}`).isFile;
    } catch {
      return false;
    }
  }

  /** Runs a command in the environment of a package manager. */
  async run({ path, args }: CommandLine, options: RunOptions = {}): Promise<Done> {
    const { before = "", user = false } = options;
    Deno.writeTextFileSync(`${this.directory}/before`, `${user ? WITH_HOME : ""}${before}`);
    const out = Deno.makeTempDirSync({ dir: this.directory });
    const env = Object.entries(managerEnvironment(user ? HOME : undefined))
      .map(([name, value]) => `${name}=${value}`);
    const { code } = await new Deno.Command("unshare", {
      args: [
        ...[user ? "-m" : "-Urm", "sh", "-c", ENTER, "sh", this.directory],
        ...["env", "-i", ...env, "sh", "-c", `"$@" > ${out}/stdout 2> ${out}/stderr`, "sh"],
        ...[...(user ? AS_USER : []), path, ...args],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).output();
    const read = (name: string) => Deno.readTextFileSync(`${out}/${name}`);
    const stdout = read("stdout");
    return { status: code, stdout, output: stdout + read("stderr") };
  }

  install(name: string, before = ""): Promise<Done> {
    return this.run(this.manager.install(this.program, [name]), { before });
  }

  /** Why a package cannot be installed: the kind of trouble and the words for it. */
  async trouble(name: string, before = ""): Promise<string> {
    const { kind, why } = await this.#fail(name, before);
    return `${kind}: ${why}`;
  }

  async kind(name: string, before = ""): Promise<string> {
    return (await this.#fail(name, before)).kind;
  }

  async #fail(name: string, before: string): Promise<Trouble> {
    const { status, output } = await this.install(name, before);
    assert(!this.manager.successes.includes(status), output);
    return trouble(this.manager.name, output, status);
  }
}

/** The names of a directory's files. */
function names(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].filter(({ isFile }) => isFile).map(({ name }) => name);
  } catch {
    return [];
  }
}
