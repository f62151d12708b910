/** The systems in doctor's golden tests: aarch64, with pages of 16 KiB. */
import { BINFMT_MISC } from "../../lib/explain/kernel_commands.ts";
import {
  ADMIN_LAYER,
  DESKTOP_ENTRY,
  HANDLER,
  POLKIT_ACTION,
  RESOLVER,
  SYSTEM_TABLES,
} from "../../lib/paths.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { type Entry, type System as Told, told } from "../explain/told.ts";
import { FakeEnvironment, type FakeFile, type FakeSystem } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";

type Files = NonNullable<FakeSystem["files"]>;

interface System extends FakeSystem {
  readonly kernel?: Told;
}

const VENDOR = "/usr/lib/binfmt-dispatcher.d/00-default.toml";
const shipped = Deno.readTextFileSync(new URL("../../config/aarch64.toml", import.meta.url));
const native: FakeFile = { content: headersOf("aarch64"), mode: 0o755 };
/** As `deno compile` leaves it. */
const program: FakeFile = { content: "\x7fELF d3n0l4nd" + "\0".repeat(16), mode: 0o755 };
const line = (entry: string) => `:${entry}:M::\\x7fELF:\\xff:${HANDLER}:POF\n`;
const ENTRIES = ["x86_64", "x86", "i486"].map((name) => `binfmt-dispatcher-${name}`);

const PROC: Files = { "/proc/self/exe": "", [`${BINFMT_MISC}/status`]: "" };
const PARTS: Files = { [HANDLER]: native, [RESOLVER]: program, [VENDOR]: shipped };
const DESKTOP: Files = {
  "/usr/bin/pkexec": { ...native, mode: 0o4755 },
  "/usr/bin/zenity": native,
  "/usr/bin/xdg-terminal-exec": native,
  "/usr/bin/dnf": native,
  [POLKIT_ACTION]: "",
  [DESKTOP_ENTRY]: "",
};
const WANTED: Files = {
  "/etc/binfmt.d/zz-binfmt-dispatcher-x86_64.conf": line(ENTRIES[0]!),
  "/etc/binfmt.d/zz-binfmt-dispatcher-i386.conf": line(ENTRIES[1]!) + line(ENTRIES[2]!),
};
const EMULATORS: Files = {
  "/usr/bin/FEX": native,
  "/usr/share/fex-emu/RootFS/default.erofs": "",
  "/usr/bin/muvm": native,
  "/usr/bin/muvm-guest": native,
  "/usr/bin/passt": native,
  "/usr/lib/systemd/systemd-udevd": native,
  "/dev/kvm": { kind: "other" },
};
const ENDS_WELL = { errno: 0, status: 0, signal: null };
const tried = { [RESOLVER]: ENDS_WELL };

export const FORMAT = ["format", "", `${FORMAT_VERSION}`] as const;
const TABLE = ["table", `${SYSTEM_TABLES}/routes-${FORMAT_VERSION}`, ""] as const;
const FACTS = [FORMAT, TABLE];
const entries: readonly (string | Entry)[] = [
  ...ENTRIES,
  { name: "FEX-x86", interpreter: "/usr/bin/FEX", enabled: false, telling: "offset 0\nmagic 00\n" },
  {
    name: "FEX-x86_64",
    interpreter: "/usr/bin/FEX",
    enabled: false,
    telling: "offset 0\nmagic 00\n",
  },
];
const KERNEL: Told = { entries, pageSize: 16384, facts: FACTS };

/** A working desktop. */
const USUAL: System = {
  uid: 1000,
  machine: "aarch64",
  release: "6.17.4-400.asahi.fc43.aarch64+16k",
  pageSize: 16384,
  variables: {
    HOME: "/home/kunigunde",
    XDG_RUNTIME_DIR: "/run/user/1000",
    WAYLAND_DISPLAY: "wayland-0",
  },
  muvmHelp: "  -i, --interactive\n  -t, --tty\n  -e, --env=ENV\n",
  tried,
  probed: ENDS_WELL,
  files: {
    ...{ ...PROC, ...PARTS, ...DESKTOP, ...WANTED, ...EMULATORS },
    "/home/kunigunde": { kind: "directory", uid: 1000 },
    "/run/user/1000/krun/server": { kind: "other" },
  },
  kernel: KERNEL,
};

function system(change: System): FakeEnvironment {
  const whole = { ...USUAL, ...change };
  return new FakeEnvironment(
    whole.kernel === undefined ? whole : { ...whole, told: told(whole.kernel) },
  );
}

/** The usual system without the kernel's entries: the handler sees no binfmt_misc. */
const UNSEEN: Told = { pageSize: 16384, facts: FACTS };

/** By the name of their golden files. */
export const SYSTEMS: Readonly<Record<string, FakeEnvironment>> = {
  "all-is-well": system({}),
  "root": system({ uid: 0, variables: { HOME: "/root" } }),
  "nothing-installed": new FakeEnvironment({
    installed: false,
    machine: "aarch64",
    uid: 1000,
    variables: { HOME: "/home/kunigunde" },
    files: { "/proc/self/exe": "" },
  }),
  "not-enabled": system({
    files: { ...PROC, ...PARTS, ...DESKTOP, ...EMULATORS },
    kernel: { ...KERNEL, entries: [] },
  }),
  "container": system({
    uid: 0,
    variables: {},
    files: { ...PARTS, "/proc/self/exe": "", "/run/.containerenv": "" },
    kernel: { pageSize: 16384, facts: [FORMAT, ["directory", SYSTEM_TABLES, "2"]] },
  }),
  // A chroot usually has the host's /proc, and thus its entries.
  "chroot": system({
    uid: 0,
    variables: {},
    files: { ...PROC, [HANDLER]: native, [VENDOR]: shipped, "/usr/bin/qemu-x86_64": native },
    kernel: { ...KERNEL, facts: [FORMAT, ["directory", SYSTEM_TABLES, "2"]] },
    tried: {},
  }),
  "not-mounted": system({
    files: {
      ...{ ...PARTS, ...DESKTOP, ...WANTED, ...EMULATORS },
      "/proc/self/ns/user": { link: "user:[4026531837]" },
      "/proc/self/ns/pid": { link: "pid:[4026531836]" },
    },
    kernel: UNSEEN,
  }),
  "without-proc": system({
    files: { ...PARTS, ...DESKTOP, ...WANTED, ...EMULATORS },
    kernel: UNSEEN,
  }),
  "wsl": system({
    release: "6.6.87.2-microsoft-standard-WSL2",
    machine: "x86_64",
    pageSize: 4096,
    variables: { HOME: "/home/kunigunde" },
    files: {
      ...PROC,
      ...PARTS,
      [VENDOR]: Deno.readTextFileSync(new URL("../../config/x86_64.toml", import.meta.url)),
      "/etc/wsl.conf": "[boot]\nsystemd=true\n",
      "/etc/binfmt.d/zz-binfmt-dispatcher-aarch64.conf": line("binfmt-dispatcher-aarch64"),
      "/usr/bin/qemu-aarch64": { content: headersOf("x86_64"), mode: 0o755 },
      "/usr/bin/apt-get": native,
    },
    kernel: {
      entries: [{
        name: "WSLInterop",
        interpreter: "/init",
        flags: "PF",
        telling: "offset 0\nmagic 4d5a\n",
      }],
      facts: FACTS,
    },
  }),
  "formats": system({
    files: {
      ...{ ...PROC, ...PARTS },
      [ADMIN_LAYER]: '[formats.windows]\ninterpreter = "wine"\n' +
        '[interpreters.wine]\npath = "/usr/bin/wine"\n',
      "/usr/bin/wine": native,
      "/etc/binfmt.d/zz-binfmt-dispatcher-windows.conf": line("binfmt-dispatcher-windows"),
      "/etc/binfmt.d/zz-binfmt-dispatcher-jar.conf": line("binfmt-dispatcher-jar"),
      "/etc/binfmt.d/zz-binfmt-dispatcher-gone.conf": line("binfmt-dispatcher-gone"),
    },
    kernel: {
      ...KERNEL,
      entries: [
        { name: "binfmt-dispatcher-windows", telling: "offset 0\nmagic 4d5a\n" },
        { name: "binfmt-dispatcher-jar", telling: "extension .jar\n" },
        { name: "stray", telling: "extension .x\n" },
      ],
    },
  }),
  "all-is-wrong": system({
    release: "5.10.0",
    files: {
      ...PROC,
      [HANDLER]: { ...native, ctime: 2000 },
      [RESOLVER]: { content: "\x7fELF", mode: 0o755 },
      [VENDOR]: shipped,
      [ADMIN_LAYER]: '[defaults]\ninterpreter = 7\n[binaries.a]\npath = "/home/kunigunde/games/"\n',
      "/etc/binfmt-dispatcher.d/10-gone.toml": { link: "/opt/gone.toml" },
      "/home/kunigunde": { kind: "directory", uid: 1000 },
      "/home/kunigunde/.config/binfmt-dispatcher": { kind: "directory", uid: 1000, mode: 0o777 },
      "/home/kunigunde/.config/binfmt-dispatcher/binfmt-dispatcher.toml": "",
      "/etc/binfmt.d/gone.conf": { link: "/usr/share/binfmt-dispatcher/binfmt.d/riscv64.conf" },
      "/usr/lib/binfmt.d/zz-binfmt-dispatcher-x86_64.conf": line(ENTRIES[0]!)
        .replace(HANDLER, RESOLVER),
      "/usr/share/polkit-1/actions/org.AsahiLinux.binfmt_dispatcher.policy": "",
      "/usr/bin/FEX": native,
      "/usr/bin/muvm": native,
      "/dev/kvm": { kind: "other" },
      "/usr/bin/qemu-x86_64": native,
      [`${SYSTEM_TABLES}/routes-${FORMAT_VERSION}`]: "torn",
      [`${SYSTEM_TABLES}/routes-1`]: "",
      [`${SYSTEM_TABLES}/new`]: "",
    },
    variables: { HOME: "/home/kunigunde", DISPLAY: ":0" },
    muvmHelp: "  -e, --env=ENV\n",
    kernel: {
      kvmErrno: 13,
      pageSize: 16384,
      entries: [
        { name: "qemu-x86_64", interpreter: "/usr/bin/qemu-x86_64", flags: "PF" },
        { name: "binfmt-dispatcher-x86_64", flags: "POCF" },
        { name: "binfmt-dispatcher-x86", enabled: false },
        { name: "binfmt-dispatcher-riscv64", interpreter: RESOLVER, flags: "P" },
        { name: "binfmt-dispatcher-arm" },
        { name: "qemu-arm", interpreter: "/usr/bin/qemu-arm", flags: "PF" },
        { name: "chosen", telling: "", interpreter: "" },
      ],
      facts: [
        ...[["format", "", "1"], ["since", "binfmt-dispatcher-arm", "1000"]] as const,
        ["directory", SYSTEM_TABLES, "13"],
        ["binfmt_misc", "by-bpf", "enabled\nbpf choose\nflags: \n"],
      ],
    },
    tried: { [RESOLVER]: { errno: 0, status: 1, signal: null } },
    probed: { errno: 0, status: 126, signal: null },
  }),
};
