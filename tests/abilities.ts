/**
 * What the machine that runs the tests can do. A test names the abilities that it needs. If one is
 * missing, the test is skipped and its name says why; with CI=true it fails, unless CI_MAY_LACK
 * names all that are missing.
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
    return false; // absent, or not allowed
  }
}

function runs(program: string, ...args: string[]): boolean {
  return runsIn("/", program, ...args);
}

/** Runs it in a temporary directory. */
function runsApart(program: string, ...args: string[]): boolean {
  const directory = Deno.makeTempDirSync();
  try {
    return runsIn(directory, program, ...args);
  } finally {
    runs("chmod", "-R", "u+rwx", directory); // an overlay's work directory has no permissions
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

/** The stand-in for a kernel needs real root and follows x86_64's system calls. */
function hasStandInKernel(): boolean {
  if (Deno.uid() !== 0 || Deno.build.arch !== "x86_64") return false;
  using world = new World();
  world.file("/etc/there", "");
  try {
    return runs(standInKernel(), world.directory, "/", "test", "-e", "/etc/there");
  } catch {
    return false; // no compiler, or no C library
  }
}

function hasMounts(): boolean {
  return runs("unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/run");
}

/** Each tries the ability itself; a test file tries it once. */
const PROBES = {
  /** A World can be made: Linux 6.7, where namespaces and mounts in them are allowed. */
  "binfmt_misc": () => refusal() === undefined,
  /** A World can be made, of namespaces or of the stand-in for a kernel. */
  "world": () => refusal() === undefined || hasStandInKernel(),
  /** User namespaces in which any user ID can be chosen. */
  "user namespaces": hasUserNamespaces,
  /** Mounts in new namespaces. */
  "mounts": hasMounts,
  /** Programs can be started as root, and as another user: become.ts. */
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
  /** Debian's, which a World has too. */
  "python3": () => runs("/usr/bin/python3", "--version"),
  "strace": () => runs("strace", "-f", "-o", "/dev/null", "true"),
  "zsh": () => runs("zsh", "--version"),
  "fish": () => runs("fish", "--version"),
  "shellcheck": () => runs("shellcheck", "--version"),
  /** Packages can be fetched from the distribution's archive. */
  "apt": () => runsApart("apt-get", "download", "-q", "hostname"), // 11 KB
  /** Packages can be fetched from Python's index, and unpacked. */
  "pip": () => runs("pip3", "--version"),
  /** Overlays make the machine's files writable in a namespace; root's files only for root. */
  "overlays": () =>
    runsApart(
      ...["unshare", "-Urm", "sh", "-c"] as const,
      // The upper directory must be on a file system that overlays accept: TMPDIR's.
      "mkdir upper work && mount -t overlay overlay " +
        "-o userxattr,lowerdir=/etc,upperdir=upper,workdir=work /etc && " +
        ": > /etc/overlay-test && : >> /etc/passwd",
    ),
  "dpkg": () => runs("apt-get", "--version") && runs("dpkg-deb", "--version"),
  /** dnf 4, and programs that make a repository for it. Debian's rpm has its database in HOME. */
  "dnf": () =>
    runsApart("sh", "-c", "HOME=$PWD dnf --version && HOME=$PWD rpmbuild --version") &&
    runs("createrepo_c", "--version"),
  /** Makes a Debian of the archive's packages. Only root can make one with all users. */
  "mmdebstrap": () => Deno.uid() === 0 && runs("mmdebstrap", "--version"),
  "debootstrap": () => Deno.uid() === 0 && runs("debootstrap", "--version"),
  "arch-test": () => runs("arch-test", "--version"),
  /** Rust's compilers and libraries can be fetched. */
  "rustup": () => runs("rustup", "--version"),
  /** Containers can be booted, with their own users. */
  "systemd-nspawn": () => Deno.uid() === 0 && runs("systemd-nspawn", "--version"),
  "lintian": () => runs("lintian", "--version"),
  "rpmlint": () => runs("rpmlint", "--version"),
  "pacman": () => runs("pacman", "--version"),
  // It always writes a log.
  "zypper": () => runs("env", "ZYPP_LOGFILE=/dev/null", "zypper", "--version"),
  "qemu-system-aarch64": () => runs("qemu-system-aarch64", "--version"),
  "java": () => runs("java", "-XX:-UsePerfData", "-version"),
  "mono": () => runs("mono", "--version"),
  "wine": () => runs("/usr/lib/wine/wine64", "--version") || runs("wine", "--version"),
  /** nfpm, which makes packages, is installed or can be fetched. */
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
  /** A virtual screen can be opened: tasks/screen.ts. */
  "screen": () =>
    ["Xvfb", "openbox", "xdotool", "xclip", "import"].every((name) =>
      isFile(new URL(`file:///usr/bin/${name}`))
    ),
  /** pkexec, polkitd and a bus for them; none needs to be running. */
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

/** Tries again after a pause: a busy machine can fail for a moment. */
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

/** The missing abilities that CI requires. */
function required(missing: readonly Ability[]): readonly Ability[] {
  if (Deno.env.get("CI") !== "true") return [];
  const optional = Deno.env.get("CI_MAY_LACK")?.split(",") ?? [];
  const unknown = optional.filter((name) => name !== "" && !(name in PROBES));
  if (unknown.length > 0) throw new Error(`CI_MAY_LACK names no ability: ${unknown.join(", ")}`);
  return missing.filter((name) => !optional.includes(name));
}

export interface Test {
  readonly name: string;
  readonly needs: readonly Ability[];
  readonly fn: (t: Deno.TestContext) => void | Promise<void>;
}

/** Deno.test() for a test that needs abilities of the machine. */
export function test({ name, needs, fn }: Test): void {
  const missing = [...new Set(needs)].filter((need) => !ability(need));
  if (missing.length === 0) return Deno.test({ name, fn });
  const why = `this machine lacks ${missing.join(", ")}`;
  const faults = required(missing);
  if (faults.length === 0) {
    return Deno.test({ name: `${name} [SKIPPED: ${why}]`, ignore: true, fn });
  }
  Deno.test(name, () => {
    throw new Error(`Cannot skip a test where CI=true: this machine lacks ${faults.join(", ")}`);
  });
}
