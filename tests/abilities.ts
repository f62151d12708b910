/**
 * What the machine that runs the tests can do. A test names what it needs; where something is
 * missing it is skipped and its name says why. Where CI is set it fails instead, unless
 * CI_MAY_LACK names all that is missing.
 */
import { canHaveNfpm } from "../tasks/package/nfpm.ts";
import { refusal } from "../tasks/refusal.ts";
import { standInKernel } from "../tasks/stand_in_kernel.ts";
import { PLAIN, World } from "../tasks/world.ts";

function runsIn(cwd: string, program: string, ...args: string[]): boolean {
  try {
    const options = { args, cwd, stdin: "null", stdout: "null", stderr: "null" } as const;
    return new Deno.Command(program, options).outputSync().success;
  } catch {
    return false; // not there, or not allowed
  }
}

function runs(program: string, ...args: string[]): boolean {
  return runsIn("/", program, ...args);
}

/** In a new directory, which is gone afterwards. */
function runsApart(program: string, ...args: string[]): boolean {
  const directory = Deno.makeTempDirSync();
  try {
    return runsIn(directory, program, ...args);
  } finally {
    runs("chmod", "-R", "u+rwx", directory); // an overlay's own directory is closed
    Deno.removeSync(directory, { recursive: true });
  }
}

function isFile(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}

function hasUserNamespaces(): boolean {
  const [unshare, ...options] = PLAIN;
  return runs(unshare!, ...options, "true");
}

/** Only root is root for the stand-in, which follows x86_64's system calls. */
function canBeTraced(): boolean {
  if (Deno.uid() !== 0 || Deno.build.arch !== "x86_64") return false;
  using world = new World();
  world.file("/etc/there", "");
  try {
    return runs(standInKernel(), world.directory, "/", "test", "-e", "/etc/there");
  } catch {
    return false; // there is no compiler, or no C library for it
  }
}

function hasMounts(): boolean {
  return runs("unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/run");
}

/** Each is tried really, once for each test file that asks. */
const PROBES = {
  /** A World can be made: Linux 6.7, where namespaces and mounts in them are allowed. */
  "binfmt_misc": () => refusal() === undefined,
  /** A World that is not somebody else's: of namespaces, or of the stand-in for a kernel. */
  "world": () => refusal() === undefined || canBeTraced(),
  /** User namespaces, with the rights to choose who one is there. */
  "user namespaces": hasUserNamespaces,
  /** Mounts in namespaces of our own. */
  "mounts": hasMounts,
  /** Programs can be started as root, and as somebody else: become.ts. */
  "a way to be root": () => Deno.uid() === 0 || hasMounts(),
  "a way to be a user": () =>
    Deno.uid() !== 0 || hasUserNamespaces() || runs("setpriv", "--reuid=1000", "true"),
  /** Debian's statically linked qemu-user for many machines. */
  "qemu-user-static": () => runs("qemu-aarch64-static", "--version"),
  "binutils": () => runs("as", "--version") && runs("readelf", "--version"),
  "binutils-aarch64": () => runs("aarch64-linux-gnu-as", "--version"),
  /** With the C library, static and dynamic. */
  "gcc-riscv64": () =>
    runs("riscv64-linux-gnu-gcc", "--version") &&
    isFile(new URL("file:///usr/riscv64-linux-gnu/lib/libc.a")),
  "groff": () => runs("groff", "--version"),
  "gdb": () => runs("gdb", "--version"),
  "gcc": () => runs("gcc", "--version"),
  /** Where Debian has it: /usr is a world's own. */
  "python3": () => runs("/usr/bin/python3", "--version"),
  "strace": () => runs("strace", "-f", "-o", "/dev/null", "true"),
  "zsh": () => runs("zsh", "--version"),
  "fish": () => runs("fish", "--version"),
  "shellcheck": () => runs("shellcheck", "--version"),
  /** Packages can be fetched from the distribution's archive. */
  "apt": () => runsApart("apt-get", "download", "-q", "hostname"), // 11 KB
  /** Packages can be fetched from Python's index, and unpacked. */
  "pip": () => runs("pip3", "--version"),
  /**
   * Directories and files of the machine can be written to in a namespace, and stay as they are. A
   * file of root's can be copied where root is mapped: by root.
   */
  "overlays": () =>
    runsApart(
      ...["unshare", "-Urm", "sh", "-c"] as const,
      // What is written has to stand on a file system that takes it: the one that tests have.
      "mkdir upper work && mount -t overlay overlay " +
        "-o userxattr,lowerdir=/etc,upperdir=upper,workdir=work /etc && " +
        ": > /etc/overlay-test && : >> /etc/passwd",
    ),
  "dpkg": () => runs("apt-get", "--version") && runs("dpkg-deb", "--version"),
  /** dnf 4, and what makes a repository for it. Debian's rpm has its database in HOME. */
  "dnf": () =>
    runsApart("sh", "-c", "HOME=$PWD dnf --version && HOME=$PWD rpmbuild --version") &&
    runs("createrepo_c", "--version"),
  /** A Debian can be made of packages from the archive. Only root can have it with all users. */
  "mmdebstrap": () => Deno.uid() === 0 && runs("mmdebstrap", "--version"),
  "debootstrap": () => Deno.uid() === 0 && runs("debootstrap", "--version"),
  "arch-test": () => runs("arch-test", "--version"),
  /** Rust's compilers and libraries can be fetched. */
  "rustup": () => runs("rustup", "--version"),
  /** Containers can be booted, with users of their own. */
  "systemd-nspawn": () => Deno.uid() === 0 && runs("systemd-nspawn", "--version"),
  "lintian": () => runs("lintian", "--version"),
  "rpmlint": () => runs("rpmlint", "--version"),
  "pacman": () => runs("pacman", "--version"),
  // It writes a log, whatever it is asked.
  "zypper": () => runs("env", "ZYPP_LOGFILE=/dev/null", "zypper", "--version"),
  "qemu-system-aarch64": () => runs("qemu-system-aarch64", "--version"),
  "java": () => runs("java", "-XX:-UsePerfData", "-version"),
  "mono": () => runs("mono", "--version"),
  "wine": () => runs("/usr/lib/wine/wine64", "--version") || runs("wine", "--version"),
  /** nfpm, which makes packages, is there or can be fetched. */
  "nfpm": canHaveNfpm,
  /** Nix evaluates and hashes; nothing is built or kept. */
  "nix": () => runs("nix-instantiate", "--version") && runs("nix-hash", "--version"),
  "curl": () => runs("curl", "--version"),
  "unzip": () => runs("unzip", "-v"),
  "ruby": () => runs("ruby", "--version"),
  "rpmbuild": () => runsApart("sh", "-c", "HOME=$PWD rpmbuild --version") && runs("make", "-v"),
  "go": () => runs("go", "version"),
  "bubblewrap": () => runs("bwrap", "--ro-bind", "/", "/", "true"),
  "setcap": () => runs("setcap", "-h"),
  "zenity": () => isFile(new URL("file:///usr/bin/zenity")),
  "kdialog": () => isFile(new URL("file:///usr/bin/kdialog")),
  "desktop-file-validate": () => isFile(new URL("file:///usr/bin/desktop-file-validate")),
  "rsvg-convert": () => runs("rsvg-convert", "--version"),
  "xterm": () => isFile(new URL("file:///usr/bin/xterm")),
  /** A screen of one's own can be opened: tasks/screen.ts. */
  "screen": () =>
    ["Xvfb", "openbox", "xdotool", "xclip", "import"].every((name) =>
      isFile(new URL(`file:///usr/bin/${name}`))
    ),
  /** pkexec, polkitd and a bus for them; none of them need run. */
  "polkit": () =>
    runs("pkexec", "--version") && runs("pkttyagent", "--version") &&
    runs("dbus-daemon", "--version") && isFile(new URL("file:///usr/lib/polkit-1/polkitd")),
  "root": () => Deno.uid() === 0,
  /** dist/binfmt-dispatcher; `./dev test` makes it. */
  "compiled": () => isFile(new URL("../dist/binfmt-dispatcher", import.meta.url)),
  "x86_64": () => Deno.build.arch === "x86_64",
} satisfies Record<string, () => boolean>;

export type Ability = keyof typeof PROBES;

const known = new Map<Ability, boolean>();

/** Milliseconds. */
const PAUSE = 1000;

/** What a busy machine could not do for a moment it can do now. */
function again(probe: () => boolean): boolean {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  return probe();
}

/** Can the machine do this? */
export function ability(name: Ability): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = PROBES[name]() || again(PROBES[name]);
  known.set(name, found);
  return found;
}

/** Of what is missing, that for which a skipped test is a failure here. */
function unforgiven(missing: readonly Ability[]): readonly Ability[] {
  if (Deno.env.get("CI") !== "true") return [];
  const forgiven = Deno.env.get("CI_MAY_LACK")?.split(",") ?? [];
  const unknown = forgiven.filter((name) => name !== "" && !(name in PROBES));
  if (unknown.length > 0) throw new Error(`CI_MAY_LACK names no ability: ${unknown.join(", ")}`);
  return missing.filter((name) => !forgiven.includes(name));
}

export interface Test {
  readonly name: string;
  readonly needs: readonly Ability[];
  readonly fn: (t: Deno.TestContext) => void | Promise<void>;
}

/** Deno.test for a test that needs something of the machine. */
export function test({ name, needs, fn }: Test): void {
  const missing = [...new Set(needs)].filter((need) => !ability(need));
  if (missing.length === 0) return Deno.test({ name, fn });
  const why = `this machine lacks ${missing.join(", ")}`;
  const faults = unforgiven(missing);
  if (faults.length === 0) {
    return Deno.test({ name: `${name} [SKIPPED: ${why}]`, ignore: true, fn });
  }
  Deno.test(name, () => {
    throw new Error(`Cannot skip a test where CI=true: this machine lacks ${faults.join(", ")}`);
  });
}
