/** Programs and their systems, for explain's golden tests. */
import { headersOf } from "../programs.ts";
import { HANDLER } from "../../lib/paths.ts";
import { type System as Told, TABLE, told } from "./told.ts";
import { FakeEnvironment, type FakeFile, type FakeSystem } from "../fake_environment.ts";

const DIRECTORY = new URL("../testdata/explain/", import.meta.url);
const VENDOR = "/usr/lib/binfmt-dispatcher.d/00-default.toml";
const ADMIN = "/etc/binfmt-dispatcher.toml";
const USER = "/home/u/.config/binfmt-dispatcher/binfmt-dispatcher.toml";
const LOADER = "/lib64/ld-linux-x86-64.so.2";

type Files = NonNullable<FakeSystem["files"]>;

export interface Situation {
  readonly environment: FakeEnvironment;
  readonly program: string;
}

const shipped = Deno.readTextFileSync(new URL("00-default.toml", DIRECTORY));
const program = (content: string | Uint8Array): FakeFile => ({ content, mode: 0o755 });
const dynamic = headersOf("x86_64", { interp: LOADER });
/** An interpreter of the host, aarch64. */
const native = program(headersOf("aarch64"));

/** The AppImage's "AI" and type, in bytes that the mask does not cover. */
function appImage(): Uint8Array {
  const bytes = dynamic.slice();
  bytes.set([0x41, 0x49, 2], 8);
  return bytes;
}

interface System
  extends Omit<FakeSystem, "files">, Pick<Told, "entries" | "status" | "facts" | "kvmErrno"> {
  /** There is no handler to ask. */
  readonly unseen?: boolean;
}

const HOMES: Files = Object.fromEntries(
  ["/home/u", "/home/ann"].map((home) => [home, { kind: "directory", uid: 1000 }]),
);
const SESSION = { HOME: "/home/u", XDG_RUNTIME_DIR: "/run/user/1000" };

export function situation(path: string, files: Files, system: System = {}): Situation {
  const entries = "entries" in system ? system.entries : ["binfmt-dispatcher-x86_64"];
  const environment = new FakeEnvironment({
    uid: 1000,
    variables: { ...SESSION, PATH: "/usr/bin" },
    ...system,
    ...(system.unseen ? {} : { told: told({ ...system, entries }) }),
    files: { ...HOMES, [HANDLER]: native, [VENDOR]: shipped, ...files },
  });
  return { environment, program: path };
}

const fex = {
  "/usr/bin/FEX": native,
  "/home/u/.fex-emu/RootFS/x": "",
};
const muvm = {
  "/usr/bin/muvm": native,
  "/usr/bin/muvm-guest": native,
  "/dev/kvm": { kind: "other" },
} as const;
const qemu = { "/usr/bin/qemu-x86_64-static": native, [LOADER]: "" };
const game = { "/data/game": program(appImage()), "/games/game": { link: "/data/game" } };

/** By the name of their golden files. */
export const SITUATIONS: Readonly<Record<string, Situation>> = {
  "rule-through-muvm": situation("/home/ann/Games/celeste/Celeste", {
    "/home/ann/Games/celeste/Celeste": program(dynamic),
    "/usr/bin/FEX": native,
    "/usr/share/fex-emu/RootFS/default.erofs": "",
    ...muvm,
    ...qemu,
    [ADMIN]: '# Games by FEX, everything else by QEMU.\n[defaults]\ninterpreter = "qemu"\n\n' +
      '[binaries.games]\npath = "~/Games/**"\ninterpreter = ["fex", "qemu"]\n',
  }, { pageSize: 16384, variables: { ...SESSION, HOME: "/home/ann" } }),
  "first-candidate": situation("/games/game", { ...game, ...fex, ...qemu }),
  "through-muvm": situation("/run/game", { "/run/game": program(dynamic), ...fex, ...muvm }, {
    pageSize: 16384,
  }),
  "fallback": situation("/games/game", { ...game, ...fex, ...qemu }, { pageSize: 16384 }),
  "nothing-installed": situation("/games/game", { ...game, "/usr/bin/dnf": native }, {
    pageSize: 16384,
  }),
  "another-system": situation("/games/game", { ...game, "/usr/bin/dnf": native }, {
    root: "/mnt",
  }),
  "no-manager-known": situation("/games/game", game),
  "no-loader": situation("/bin/tool", {
    "/bin/tool": program(headersOf("riscv64", { interp: "/lib/ld-linux-riscv64-lp64d.so.1" })),
    "/usr/bin/qemu-riscv64": native,
    "/usr/bin/apt-get": native,
  }),
  "static": situation("/bin/tool", { "/bin/tool": program(headersOf("x86_64")), ...qemu }),
  "interpreter-directory": situation("/games/game", { ...game, "/usr/bin/FEX/x": "", ...qemu }),
  "rule": situation("/games/game", {
    ...game,
    ...fex,
    ...qemu,
    [ADMIN]: '# mine\n[binaries.games]\npath = ["/opt/", "/data/*"]\ninterpreter = ["qemu"]\n',
  }),
  "rule-for-others": situation("/games/game", {
    ...game,
    ...fex,
    [ADMIN]: '[binaries."all games"]\npath = "~/**"\ninterpreter = "java"\n' +
      '[binaries.g]\npath = "/data/"\ninterpreter = "java"\n' +
      '[machines.x86_64]\ninterpreter = "fex"\n',
  }),
  "rule-by-links": situation("/data/game", {
    ...game,
    ...fex,
    "/opt/games": { link: "/data" },
    [ADMIN]: '[binaries.games]\npath = "/opt/games/"\ninterpreter = "fex"\n' +
      '[binaries.others]\npath = "/data/**"\ninterpreter = "java"\n',
  }),
  "diagnostics": situation("/games/game", {
    ...game,
    ...fex,
    [ADMIN]: '[defaults]\ninterpretr = "fex"\nlog_level = 3\n[binaries.x]\npath = "/x"\n',
    [USER]: { content: "", mode: 0o666, uid: 1000 },
    "/home/u/.config/binfmt-dispatcher": { kind: "directory", uid: 1000 },
  }),
  "picked": situation("/games/game", { ...game, ...fex, ...qemu }, {
    variables: { HOME: "/home/u", BINFMT_DISPATCHER_INTERPRETER: "qemu" },
  }),
  "picked-for-others": situation("/games/game", { ...game, ...fex }, {
    variables: { HOME: "/home/u", BINFMT_DISPATCHER_INTERPRETER: "java" },
  }),
  "picked-unknown": situation("/games/game", { ...game, ...fex }, {
    variables: { HOME: "/home/u", BINFMT_DISPATCHER_INTERPRETER: "fx" },
  }),
  "not-registered": situation("/games/game", { ...game, ...fex }, {
    entries: ["qemu-arm", "wine"],
  }),
  "not-mounted": situation("/games/game", { ...game, ...fex }, { entries: undefined }),
  "switched-off": situation("/games/game", { ...game, ...fex }, { status: "disabled" }),
  "disabled": situation("/games/game", { ...game, ...fex }, {
    entries: [{ name: "binfmt-dispatcher-x86_64", enabled: false }],
  }),
  "newer-entry": situation("/games/game", { ...game, ...fex, ...qemu }, {
    entries: [
      { name: "qemu-x86_64", interpreter: "/usr/bin/qemu-x86_64-static", flags: "P" },
      "binfmt-dispatcher-x86_64",
    ],
  }),
  "older-entry": situation("/games/game", { ...game, ...fex, ...qemu }, {
    entries: [
      { name: "disabled", interpreter: "/bin/false", enabled: false, telling: "extension .x\n" },
      "binfmt-dispatcher-x86_64",
      { name: "qemu-x86_64", interpreter: "/usr/bin/qemu-x86_64-static", flags: "P" },
    ],
  }),
  "another-interpreter": situation("/games/game", { ...game, ...fex, ...qemu }, {
    entries: [
      { name: "binfmt-dispatcher-x86_64", interpreter: "/usr/bin/qemu-x86_64-static", flags: "" },
    ],
  }),
  "interpreter-gone": situation("/games/game", { ...game, ...fex, ...qemu }, {
    entries: [{ name: "binfmt-dispatcher-x86_64", interpreter: "/opt/\x1bhandler", flags: "PO" }],
  }),
  "no-handler": situation("/games/game", { ...game, ...fex }, { unseen: true }),
  "native-taken": situation("/usr/bin/tool.run", {
    "/usr/bin/tool.run": program(headersOf("aarch64", { interp: "/lib/ld" })),
    "/usr/bin/runner": native,
  }, { entries: [{ name: "run", interpreter: "/usr/bin/runner", telling: "extension .run\n" }] }),
  "noexec": situation("/games/game", { ...game, ...fex }, {
    facts: [TABLE, ["access", "/games/game", "13"], ["noexec", "/games/game", ""]],
  }),
  "privileged": situation("/games/game", {
    ...game,
    ...fex,
    "/data/game": { content: dynamic, mode: 0o6755 },
  }, { facts: [TABLE, ["access", "/games/game", "0"], ["capabilities", "/games/game", ""]] }),
  "no-table": situation("/games/game", { ...game, ...fex }, {
    facts: [
      ["directory", "/home/u/.cache/binfmt-dispatcher", "13"],
      ["directory", "/run/user/1000/binfmt-dispatcher", "2"],
    ],
  }),
  "next-table": situation("/games/game", { ...game, ...fex }, {
    facts: [
      ["directory", "/run/user/1000/binfmt-dispatcher", "2"],
      ["directory", "/home/u/.cache/binfmt-dispatcher", "0"],
    ],
  }),
  "native": situation("ls", {
    "/usr/bin/ls": program(headersOf("aarch64", { interp: "/lib/ld" })),
  }),
  "script": situation("/bin/s", { "/bin/s": program("#! /usr/bin/env -S  deno run\nx\n") }),
  "format": situation("/opt/app.jar", {
    "/opt/app.jar": program("PK"),
    "/usr/bin/java": native,
  }, { entries: [{ name: "binfmt-dispatcher-jar", telling: "extension .jar\n" }] }),
  "format-off": situation("/opt/app.exe", { "/opt/app.exe": program("MZ") }),
  "unknown-kind": situation("/bin/text", { "/bin/text": program("hello\n") }),
  "damaged": situation("/bin/torn", { "/bin/torn": program(dynamic.slice(0, 100)) }),
  "not-executable": situation("/games/game", { "/games/game": { content: dynamic }, ...fex }),
  "nothing-configured": situation("/games/game", { ...game, [VENDOR]: "" }),
  "odd-letters": situation("/games/a b\x1b[2J\u202e", {
    "/games/a b\x1b[2J\u202e": program(headersOf("x86_64", { interp: "/l\x1b" })),
    "/usr/bin/box64": native,
    [ADMIN]: '[binaries."a é"]\npath = "/games/**"\ninterpreter = "box64"\n',
  }),
  "foreign": situation("/games/game", {
    ...game,
    ...fex,
    "/usr/bin/FEX": program(headersOf("x86_64")),
    [ADMIN]: '[defaults]\ninterpreter = ["box64", "fex", "qemu"]\n',
  }),
  "muvm-for-root": situation("/games/game", { ...game, ...fex, ...muvm, ...qemu }, {
    pageSize: 16384,
    uid: 0,
  }),
  "muvm-without-session": situation("/games/game", { ...game, ...fex, ...muvm }, {
    pageSize: 16384,
    variables: { HOME: "/home/u" },
  }),
  "muvm-without-kvm": situation("/games/game", { ...game, ...fex, ...muvm, ...qemu }, {
    pageSize: 16384,
    kvmErrno: 13,
  }),
  "path-narrowed": situation("/bin/tool", {
    "/bin/tool": program(headersOf("riscv64")),
    "/opt/qemu": native,
    [ADMIN]: '# mine\n[interpreters.qemu]\npath = "/opt/qemu"\n',
  }),
};
