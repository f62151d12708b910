/**
 * What the machine that runs the tests can do. A test names what it needs; where something is
 * missing it is skipped and its name says why, and where CI is set it fails instead.
 */

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

/** In a new folder, which is gone afterwards. */
function runsApart(program: string, ...args: string[]): boolean {
  const folder = Deno.makeTempDirSync();
  try {
    return runsIn(folder, program, ...args);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function isFile(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}

/** Each is tried really, once for each test file that asks. */
const PROBES = {
  /**
   * binfmt_misc can be mounted in a user namespace of our own: Linux 6.7, and user namespaces
   * allowed.
   */
  "binfmt_misc": () =>
    runs("unshare", "-Urm", "mount", "-t", "binfmt_misc", "none", "/proc/sys/fs/binfmt_misc"),
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
  "strace": () => runs("strace", "-f", "-o", "/dev/null", "true"),
  "zsh": () => runs("zsh", "--version"),
  "fish": () => runs("fish", "--version"),
  "shellcheck": () => runs("shellcheck", "--version"),
  /** Packages can be fetched from the distribution's archive. */
  "apt": () => runsApart("apt-get", "download", "-q", "hostname"), // 11 KB
  /** Packages can be fetched from Python's index, and unpacked. */
  "pip": () => runs("pip3", "--version"),
  /** Folders of the machine can be written to in a namespace, and stay as they are. */
  "overlays": () =>
    runsApart(
      ...["unshare", "-Urm", "sh", "-c"] as const,
      // What is written has to stand on a file system that takes it: the one that tests have.
      "mkdir upper work && mount -t overlay overlay " +
        "-o userxattr,lowerdir=/etc,upperdir=upper,workdir=work /etc && : > /etc/overlay-test",
    ),
  "dpkg": () => runs("apt-get", "--version") && runs("dpkg-deb", "--version"),
  /** dnf 4, and what makes a repository for it. Debian's rpm has its database in HOME. */
  "dnf": () =>
    runsApart("sh", "-c", "HOME=$PWD dnf --version && HOME=$PWD rpmbuild --version") &&
    runs("createrepo_c", "--version"),
  /** A Debian can be made of packages from the archive. Only root can have it with all users. */
  "mmdebstrap": () => Deno.uid() === 0 && runs("mmdebstrap", "--version"),
  "lintian": () => runs("lintian", "--version"),
  "rpmlint": () => runs("rpmlint", "--version"),
  "pacman": () => runs("pacman", "--version"),
  // It writes a log, whatever it is asked.
  "zypper": () => runs("env", "ZYPP_LOGFILE=/dev/null", "zypper", "--version"),
  "qemu-system-aarch64": () => runs("qemu-system-aarch64", "--version"),
  "java": () => runs("java", "-XX:-UsePerfData", "-version"),
  "mono": () => runs("mono", "--version"),
  "wine": () => runs("/usr/lib/wine/wine64", "--version") || runs("wine", "--version"),
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

/** Is a test that is skipped for a missing ability a failure here? */
export function skippingFails(): boolean {
  return Deno.env.get("CI") === "true";
}

export interface Test {
  readonly name: string;
  readonly needs: readonly Ability[];
  readonly fn: (t: Deno.TestContext) => void | Promise<void>;
}

/** Deno.test for a test that needs something of the machine. */
export function test({ name, needs, fn }: Test): void {
  const missing = needs.filter((need) => !ability(need));
  if (missing.length === 0) return Deno.test({ name, fn });
  const why = `this machine lacks ${missing.join(", ")}`;
  if (!skippingFails()) return Deno.test({ name: `${name} [SKIPPED: ${why}]`, ignore: true, fn });
  Deno.test(name, () => {
    throw new Error(`Cannot skip a test where CI=true: ${why}`);
  });
}
