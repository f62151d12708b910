// Shows docs/security.md#a-hostile-environment
import { assert, assertEquals, assertThrows } from "@std/assert";
import { NONE } from "../../../lib/handler/bytes.ts";
import {
  explain,
  install,
  resolveSystemTable,
  resolveUserTable,
  startVm,
} from "../../../lib/handler/system/child_command.ts";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { VARIABLES } from "../../../lib/start/gather.ts";
import { exists } from "../../../tasks/exists.ts";
import { test } from "../../abilities.ts";
import { Stage } from "../stage.ts";
import { bytesOf, Exit, textOf, World } from "./world.ts";

const CALLER = {
  HOME: "/h",
  XDG_CONFIG_HOME: "c",
  TERM: "dumb",
  DISPLAY: ":0",
  LD_PRELOAD: "evil.so",
  PATH: "/evil",
  HOMES: "/none",
};

const F_DUPFD = 0;
const ENOENT = -2;
const ENOMEM = -12;
const ENOSYS = -38;

class Executed extends Error {}

/** What the grandchild does, up to its execve. */
function grandchild(
  command: () => void,
  terminal = true,
  env: Readonly<Record<string, string>> = CALLER,
  cwd = "/here",
) {
  const world = new World({ env });
  const calls: string[] = [];
  let argv: string[] = [];
  let envp: string[] = [];
  const names = ["prctl", "close_range", "dup3", "fcntl", "chdir", "setsid", "umask"] as const;
  for (const name of names) {
    world.own[name] = (args) => {
      const words = args.map((arg) => typeof arg === "number" ? arg : textOf(arg).slice(0, -1));
      calls.push(`${name} ${words.join(" ")}`.trim());
      return name === "fcntl" && args[1] === F_DUPFD ? 10 : 0;
    };
  }
  const signals: number[] = [];
  world.own.rt_sigaction = ([signal]) => signals.push(Number(signal));
  world.own.rt_sigprocmask = () => 0;
  world.own.clone = () => 0;
  world.own.getcwd = ([into]) => {
    (into as Uint8Array).set(bytesOf(`${cwd}\0`));
    return cwd === "" ? ENOENT : cwd.length + 1;
  };
  world.own.execve = ([path, argvAt, envpAt]) => {
    calls.push(`execve ${textOf(path as Uint8Array).slice(0, -1)}`);
    argv = world.stringsOf(argvAt as Uint8Array);
    envp = world.stringsOf(envpAt as Uint8Array);
    throw new Executed();
  };
  world.write("/dev/null", "");
  if (terminal) world.write("/dev/tty", "");
  assertThrows(command, Executed);
  return { calls, argv, envp, signals };
}

const DEATH = ["prctl 1 9 0 0 0"];
const NO_MORE = ["close_range 3 4294967295 0", "umask 18"];

Deno.test("a table's resolver inherits only the descriptor for its output", () => {
  const { calls, argv, envp, signals } = grandchild(() => resolveUserTable(7));
  assertEquals(argv, ["/resolver", "routes", "--format", String(FORMAT_VERSION)]);
  assertEquals(envp, ["PATH=/usr/bin:/bin", "HOME=/h", "XDG_CONFIG_HOME=c"]);
  assertEquals(calls, [
    ...DEATH,
    ...DEATH,
    ...["close_range 3 6 0", "close_range 8 4294967295 0", "fcntl 7 0 3", "fcntl 3 0 3"],
    ...["dup3 10 0 0", "dup3 10 1 0", "dup3 10 2 0"],
    ...[...NO_MORE, "chdir /", "execve /resolver"],
  ]);
  assertEquals(signals, Array.from({ length: 61 }, (_, i) => i + 4));
});

Deno.test("the system table's resolver gets no variables", () => {
  const { argv, envp } = grandchild(() => resolveSystemTable(7));
  assertEquals(argv, ["/resolver", "routes", "--format", String(FORMAT_VERSION), "--system"]);
  assertEquals(envp, ["PATH=/usr/bin:/bin"]);
});

Deno.test("explain and install get all variables that decisions depend on", () => {
  const told = Object.fromEntries(VARIABLES.map((name) => [name, `/${name}`]));
  for (const command of [() => explain(NONE, NONE), () => install(NONE, NONE)]) {
    const { envp } = grandchild(command, true, told);
    for (const name of VARIABLES) assert(envp.includes(`${name}=/${name}`), `${envp}`);
  }
});

Deno.test("explain writes to stderr, in the caller's working directory", () => {
  const { calls, argv, envp } = grandchild(() => explain(bytesOf("./"), bytesOf("x y")));
  assertEquals(argv, ["/resolver", "explain", "--", "./x y"]);
  assertEquals(envp, ["PATH=/usr/bin:/bin", "HOME=/h", "XDG_CONFIG_HOME=c"]);
  assertEquals(calls, [
    ...DEATH,
    ...DEATH,
    ...["close_range 3 4294967295 0", "fcntl 2 0 3", "fcntl 3 0 3"],
    ...["dup3 10 0 0", "dup3 10 1 0", "fcntl 2 1 0"],
    ...[...NO_MORE, "execve /resolver"],
  ]);
});

Deno.test("install has the terminal, and may close its windows when the handler ends", () => {
  const { calls, argv, envp } = grandchild(() => install(bytesOf("-x"), bytesOf("/a%20b")));
  assertEquals(argv, ["/resolver", "install", "--machine=-x", "--started=/a%20b"]);
  const own = ["HOME=/h", "XDG_CONFIG_HOME=c", "DISPLAY=:0", "TERM=dumb"];
  assertEquals(envp, ["PATH=/usr/bin:/bin", ...own]);
  assertEquals(calls.slice(0, 2), [...DEATH, "prctl 1 15 0 0 0"]);
  assertEquals(calls.slice(-6), [
    ...NO_MORE,
    ...["dup3 4 0 0", "dup3 4 1 0", "dup3 4 2 0", "execve /resolver"],
  ]);
  const without = grandchild(() => install(bytesOf("x"), bytesOf("/x")), false);
  assertEquals(without.calls.slice(-3), [...NO_MORE, "execve /resolver"]);
});

Deno.test("explain and install run in / if the caller's directory was deleted", () => {
  for (const command of [() => explain(NONE, NONE), () => install(NONE, NONE)]) {
    const { calls } = grandchild(command, false, CALLER, "");
    assertEquals(calls.slice(-2), ["chdir /", "execve /resolver"]);
  }
});

Deno.test("muvm's virtual machine outlives the caller's terminal", () => {
  const { calls, argv, envp } = grandchild(startVm);
  assertEquals(argv, ["/resolver", "vm", "start"]);
  assertEquals(envp, ["PATH=/usr/bin:/bin", "HOME=/h", "XDG_CONFIG_HOME=c", "DISPLAY=:0"]);
  assertEquals(calls.slice(-3), ["chdir /", "setsid", "execve /resolver"]);
});

/**
 * How the intermediate child ends if the resolver ends with this wait status after so many
 * milliseconds. `tells`: whether the kernel has pidfd_open and ppoll works.
 */
function statusOf(
  waitStatus: number,
  left: number,
  tells: "all" | "no ppoll" | "no pidfd",
): { status: number; calls: string[] } {
  const world = new World();
  const calls: string[] = [];
  const children = [0, 99];
  world.own.clone = () => children.shift()!;
  world.own.prctl = () => 0;
  world.own.pidfd_open = () => tells === "no pidfd" ? ENOSYS : 9;
  world.own.ppoll = ([polled, n, time]) => {
    assertEquals([new DataView((polled as Uint8Array).buffer).getInt32(0, true), n], [9, 1]);
    if (tells === "no ppoll") return ENOMEM;
    const limit = Number(new DataView((time as Uint8Array).buffer).getBigInt64(0, true)) * 1000;
    left -= Math.min(left, limit);
    return left > 0 ? 0 : 1;
  };
  world.own.nanosleep = () => {
    left--;
    return 0;
  };
  world.own.kill = ([child, signal]) => {
    calls.push(`kill ${child} ${signal}`);
    left = 0;
    return 0;
  };
  world.own.wait4 = ([child, into, flags]) => {
    if (left > 0 && (Number(flags) & 1) !== 0) return 0;
    new DataView((into as Uint8Array).buffer).setUint32(0, waitStatus, true);
    return Number(child);
  };
  const { status } = assertThrows(() => resolveUserTable(7), Exit);
  return { status, calls };
}

Deno.test("the handler waits thirty seconds for the resolver", () => {
  for (const tells of ["all", "no ppoll", "no pidfd"] as const) {
    assertEquals(statusOf(3 << 8, 0, tells), { status: 3, calls: [] });
    assertEquals(statusOf(0, 29_999, tells), { status: 0, calls: [] });
    assertEquals(statusOf(9, 30_001, tells), { status: 125, calls: ["kill 99 9"] });
  }
});

Deno.test("the resolver's exit status is passed on; 125 means that it is unknown", () => {
  const world = new World();
  world.own.rt_sigaction = () => 0;
  const status = (word: number, result = 1) => {
    world.own.wait4 = ([, into]) => {
      new DataView((into as Uint8Array).buffer).setUint32(0, word, true);
      return result;
    };
    return install(bytesOf("x"), bytesOf("/x"));
  };
  assertEquals([status(0), status(126 << 8), status(255 << 8)], [0, 126, 255]);
  assertEquals([status(15), status(0x80 | 11), status(0, -10)], [125, 125, 125]);
  world.own.clone = () => -11;
  assertEquals(status(0), 125);
});

Deno.test("the resolver inherits nothing from the caller", async () => {
  using stage = new Stage();
  const seen = stage.path("seen");
  stage.resolveAfter(`{ env; pwd; umask; ls -l /proc/self/fd; echo "$@"; } > ${seen}`);
  const env = { LD_PRELOAD: "/nowhere.so", XDG_CONFIG_HOME: "/x", QEMU_LOG: "y" };
  const { report } = await stage.handle([stage.program], { env });
  assertEquals(report?.env.includes("LD_PRELOAD=/nowhere.so"), true);
  const lines = Deno.readTextFileSync(seen).split("\n");
  const variables = lines.filter((line) => line.includes("=")).map((line) => line.split("=")[0]);
  assertEquals(variables.filter((name) => !["PWD", "_", "SHLVL", "OLDPWD"].includes(name!)), [
    "PATH",
  ]);
  assert(lines.includes("/"), "its working directory is /");
  assert(lines.includes("0022"), "its umask");
  assert(lines.some((line) => / 0 -> \/dev\/null/.test(line)), "descriptor 0");
  assertEquals(lines.at(-2), `routes --format ${FORMAT_VERSION} --system`);
});

Deno.test("a start whose resolver produces no table ends with a message", async () => {
  using stage = new Stage();
  Deno.removeSync(stage.path("tables"), { recursive: true });
  for (const resolver of ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho nonsense\n", "#!/nowhere\n"]) {
    stage.write("resolver", resolver, 0o755);
    const { status, stderr } = await stage.handle([stage.program]);
    assertEquals(status, 125);
    assert(stderr.includes("its route table cannot be compiled"), stderr);
  }
});

Deno.test("a caller with many descriptors gets a new table", async () => {
  using stage = new Stage();
  stage.resolveAfter("sleep 0.2");
  const open = 'for ((i = 3; i < 300; i++)); do eval "exec $i</dev/null"; done; exec "$@"';
  const args = ["-c", open, "bash", stage.path("handler"), stage.program];
  const env = { HOME: stage.path("home"), PATH: "/usr/bin:/bin" };
  const { code, stderr } = await new Deno.Command("bash", { args, clearEnv: true, env }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [2, ""]);
});

test({
  name: "the resolver is not started if the handler was killed before",
  needs: ["strace"],
  fn: async () => {
    using stage = new Stage();
    stage.write("resolver", `#!/bin/sh\ntouch ${stage.path("begun")}\n`, 0o755);
    // The first process is the handler; its child is stopped before it asks to die with its parent.
    const inject = ["-f", "-qq", "-e", "trace=prctl", "-e", "inject=prctl:delay_enter=600000"];
    const kill = `"$@" & sleep 0.3; pkill -KILL -x -P $! handler; wait $!; sleep 1`;
    const args = ["-c", kill, "sh", "strace", ...inject, "-o", stage.path("trace")];
    await new Deno.Command("sh", { args: [...args, stage.path("handler"), stage.program] })
      .output();
    assert(Deno.readTextFileSync(stage.path("trace")).includes("PR_SET_PDEATHSIG"));
    assertEquals(exists(stage.path("begun")), false);
  },
});
