import { assert, assertEquals, assertMatch } from "@std/assert";
import { ADMIN_LAYER, HANDLER, LINKS, RESOLVER, SYSTEM_TABLES } from "../../lib/paths.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { shellQuote } from "../../lib/shell_quote.ts";
import { test } from "../abilities.ts";
import { parseReport } from "../programs.ts";
import { Machine, type Outcome } from "./machine.ts";
import { buildTarget, DENO_DIR, ECHO, PROGRAMS, STAND_INS } from "./target.ts";

type Step = (machine: Machine) => Promise<void>;

const RUNTIME = "/run/user/1000";
const AS_USER = {
  user: "user",
  env: { PATH: `${PROGRAMS}:/usr/bin`, HOME: "/home/user", XDG_RUNTIME_DIR: RUNTIME },
} as const;
const TABLE = `routes-${FORMAT_VERSION}`;

/** A shell script that prints the file of its process, which is the interpreter's. */
const WHO = 'echo "$0"; readlink /proc/$$/exe; exit 7';

/** Asserts that the program ran, without output of binfmt-dispatcher or the interpreter. */
function assertRan({ status, stdout, stderr }: Outcome, expected: string, ended = 7): void {
  // box64 asks lscpu for the processor's name.
  assertEquals(stderr.replaceAll("sh: lscpu: not found\n", ""), "");
  assertEquals(stdout, expected);
  assertEquals(status, ended);
}

const runsDynamic = async (machine: Machine) =>
  assertRan(await machine.run(["dynamic", "-c", WHO], AS_USER), "dynamic\n/usr/bin/box64\n");

/** With the override qemu runs a program and its children. */
const BY_QEMU = { ...AS_USER, env: { ...AS_USER.env, BINFMT_DISPATCHER_INTERPRETER: "qemu" } };

/** Writes files into a new directory, as the user. */
async function write(machine: Machine, directory: string, files: Record<string, string>) {
  const lines = Object.entries(files).map(([name, content]) =>
    `printf %s ${shellQuote(content)} >${shellQuote(`${directory}/${name}`)}`
  );
  const { stderr } = await machine.run(
    ["sh", "-ec", `mkdir ${directory}\n${lines.join("\n")}`],
    AS_USER,
  );
  assertEquals(stderr, "");
}

const SCRIPTS = {
  native: `#!/bin/sh
dynamic -c 'echo one "$1"' name two | busybox-static tr a-z A-Z
busybox-i386 expr 6 '*' 7
dynamic -c 'exit 7'
`,
  foreign: `#!${PROGRAMS}/dynamic
${WHO}
`,
};

/** Four files, so that four compilers run at once. */
const SOURCES = {
  "main.c": `int printf(const char *format, ...);
int one(void), two(void), three(void);
int main(void) { printf("%d\\n", one() + two() + three()); return 7; }
`,
  "one.c": "int one(void) { return 1; }\n",
  "two.c": "int two(void) { return 2; }\n",
  "three.c": "int three(void) { return 3; }\n",
  "Makefile": "sum: main.o one.o two.o three.o\n\tpcc -o $@ $^\n",
};

/** A file's inode, change time, mode and owner. */
async function identity(machine: Machine, path: string): Promise<string> {
  const { stdout, stderr } = await machine.run(["stat", "-c", "%i %Z %a %u", path]);
  assertEquals(stderr, "");
  return stdout;
}

const BEFORE: Record<string, Step> = {
  "the kernel is aarch64's with pages of 16 KiB": async (machine) => {
    assertEquals((await machine.run(["uname", "-m"])).stdout, "aarch64\n");
    const { stdout } = await machine.run(["grep", "-m1", "KernelPageSize", "/proc/self/smaps"]);
    assertMatch(stdout, /^KernelPageSize: +16 kB$/m);
  },

  "the package's first installation has enabled x86 programs": async (machine) => {
    const entry = "/proc/sys/fs/binfmt_misc/binfmt-dispatcher-x86_64";
    const { stdout } = await machine.run(["cat", entry]);
    assertEquals(stdout.split("\n").slice(0, 3), [
      "enabled",
      `interpreter ${HANDLER}`,
      "flags: POF",
    ]);
    const links = await machine.run(["ls", LINKS]);
    const names = ["x86", "x86_64"].map((name) => `zz-binfmt-dispatcher-${name}.conf\n`);
    assertEquals(links, { status: 0, stdout: names.join(""), stderr: "" });
  },

  "a dynamic x86_64 program, started by its name, becomes the real box64": runsDynamic,

  "its start has made a table of the user's, and none of the system's": async (machine) => {
    const own = await identity(machine, `${RUNTIME}/binfmt-dispatcher/${TABLE}`);
    assertMatch(own, / 600 1000\n$/);
    assertEquals((await machine.run(["ls", SYSTEM_TABLES])).stdout, "");
  },

  "root's start makes the system's table": async (machine) => {
    const path = `${PROGRAMS}/dynamic`;
    assertRan(await machine.run([path, "-c", WHO]), `${path}\n/usr/bin/box64\n`);
    assertMatch(await identity(machine, `${SYSTEM_TABLES}/${TABLE}`), / 644 0\n$/);
  },

  "with a table, programs start without Deno": async (machine) => {
    const before = await identity(machine, `${SYSTEM_TABLES}/${TABLE}`);
    assertEquals((await machine.run(["mv", "/usr/bin/deno", "/usr/bin/away"])).status, 0);
    await runsDynamic(machine);
    assertEquals((await machine.run(["mv", "/usr/bin/away", "/usr/bin/deno"])).status, 0);
    assertEquals(await identity(machine, `${SYSTEM_TABLES}/${TABLE}`), before);
  },

  "a static x86_64 program becomes the real qemu-x86_64: box64 runs only dynamic ones": async (
    machine,
  ) => {
    const outcome = await machine.run(["busybox-static", "sh", "-c", WHO], AS_USER);
    assertRan(outcome, "sh\n/usr/bin/qemu-x86_64\n");
  },

  "a static i386 program becomes the real qemu-i386": async (machine) => {
    const outcome = await machine.run(["busybox-i386", "sh", "-c", WHO], AS_USER);
    assertRan(outcome, "sh\n/usr/bin/qemu-i386\n");
  },

  "a shell script can start them by name, and a script can name an x86_64 shell": async (
    machine,
  ) => {
    await write(machine, "/tmp/scripts", SCRIPTS);
    assertEquals((await machine.run(["chmod", "-R", "+x", "/tmp/scripts"])).status, 0);
    const options = { ...AS_USER, cwd: "/tmp/scripts" };
    assertRan(await machine.run(["./native"], options), "ONE TWO\n42\n");
    assertRan(await machine.run(["./foreign"], options), "./foreign\n/usr/bin/box64\n");
  },

  "an AppImage, started by its name, mounts its contents": async (machine) => {
    assertEquals((await machine.run(["chmod", "0666", "/dev/fuse"])).status, 0); // as udev does
    assertRan(await machine.run([ECHO, "one", "two  words"], AS_USER), "one two  words\n", 0);
  },

  "with the override qemu runs a dynamic x86_64 program whose loader exists": async (
    machine,
  ) => {
    assertEquals((await machine.run(["ln", "-s", "usr/lib64", "/lib64"])).status, 0);
    const outcome = await machine.run(["dynamic", "-c", WHO], BY_QEMU);
    assertRan(outcome, "dynamic\n/usr/bin/qemu-x86_64\n");
  },

  "an AppImage that cannot mount its contents unpacks them: qemu finds no libfuse.so.2": async (
    machine,
  ) => {
    const options = { ...BY_QEMU, cwd: "/tmp" };
    const refused = await machine.run([ECHO, "one"], options);
    assert(refused.stderr.includes("AppImages require FUSE to run."), refused.stderr);
    assertEquals(refused.status, 1);
    const { status, stdout } = await machine.run(
      [ECHO, "--appimage-extract-and-run", "one"],
      options,
    );
    assertEquals([status, stdout], [0, "one\n"]);
  },

  "make -j4 runs an x86_64 compiler, which starts an x86_64 assembler and linker": async (
    machine,
  ) => {
    await write(machine, "/tmp/sources", SOURCES);
    // box64 would start the children itself, and with it ld refuses pcc's option -melf_x86_64.
    const options = { ...BY_QEMU, cwd: "/tmp/sources" };
    const { status, stderr } = await machine.run(["make", "-j4", "CC=pcc"], options);
    assertEquals([status, stderr], [0, ""]);
    const { env } = AS_USER;
    assertRan(await machine.run(["./sum"], { ...options, env }), "6\n");
  },

  "arguments, environment and working directory reach the program unchanged": async (machine) => {
    const env = { ...AS_USER.env, A: "b c", EMPTY: "" };
    const options = { ...AS_USER, env, cwd: "/opt" };
    const { status, stdout, stderr } = await machine.run(["reporter", "", "ü *", "-h"], options);
    const report = parseReport(stdout);
    assertEquals(stderr, "");
    assertEquals(report.argv, ["reporter", "", "ü *", "-h"]);
    assertEquals(report.env, Object.entries(env).map(([name, value]) => `${name}=${value}`));
    assertEquals(report.cwd, "/opt");
    assertEquals(status, 4);
  },

  "explain says why: pages of 16 KiB, and no FEX and no muvm": async (machine) => {
    const program = `${PROGRAMS}/dynamic`;
    const { status, stdout, stderr } = await machine.run(
      [RESOLVER, "explain", "--json", program],
      AS_USER,
    );
    assertEquals(stderr, "");
    assertEquals(status, 0);
    const { host, kernel, candidates, command } = JSON.parse(stdout);
    assertEquals(host.page_size, 16384);
    assertEquals(kernel.registered, true);
    const [direct, through] = candidates;
    assertEquals([direct.path, direct.muvm], ["/usr/bin/FEX", null]);
    assertEquals([direct.verdict, direct.conditions], ["conditions", ["pages fit"]]);
    assertEquals([through.muvm, through.verdict], ["/usr/bin/muvm", "missing"]);
    assertEquals(command.argv, ["/usr/bin/box64", program]);
  },

  "doctor reports the pages, the interpreters and the outcomes of test starts": async (machine) => {
    const checks = ["handler", "entries", "pages", "interpreters", "muvm", "start"];
    const states = async (options: typeof AS_USER | undefined) => {
      const { stdout } = await machine.run([RESOLVER, "doctor", "--json", ...checks], options);
      const found: { id: string; state: string; findings: { seen: string }[] }[] =
        JSON.parse(stdout).checks;
      const [pages] = found.find(({ id }) => id === "pages")!.findings;
      assertMatch(pages!.seen, /^16384 bytes/);
      return Object.fromEntries(found.map(({ id, state }) => [id, state]));
    };
    const good = { handler: "good", entries: "good", pages: "good", start: "good" };
    // Without FEX nothing needs muvm, and nothing runs dynamic i386 programs.
    assertEquals(await states(AS_USER), { ...good, interpreters: "bad", muvm: "good" });
    assertEquals(await states(undefined), { ...good, interpreters: "unknown", muvm: "good" });
  },

  "Deno's directory is private to root, and holds no compiled code": async (machine) => {
    const others = await machine.run(["find", DENO_DIR, "!", "-user", "root"]);
    assertEquals(others.stdout, "");
    const code = await machine.sh(`find ${DENO_DIR} /tmp | grep -E 'v8_code_cache|deno-compile'`);
    assertEquals(code.stdout, "");
    assertEquals((await machine.run(["find", "/home/user", "-type", "f"])).stdout, "");
  },
};

/** The arguments that the stand-in for muvm recorded. */
async function muvmArguments(machine: Machine, which: "first" | "next"): Promise<string[]> {
  const { stdout } = await machine.run(["cat", `${RUNTIME}/muvm-${which}`]);
  return stdout.split("\0").slice(0, -1);
}

const WITH_FEX: Record<string, Step> = {
  "FEX is started through muvm, whose machine was started before": async (machine) => {
    const env = { ...AS_USER.env, A: "b c", DISPLAY: ":0" };
    const options = { ...AS_USER, env, cwd: "/opt" };
    const { status, stdout, stderr } = await machine.run(["reporter", "", "ü *"], options);
    assertEquals(stderr, "");
    assertEquals(await muvmArguments(machine, "first"), ["--", "/usr/bin/sleep", "300"]);
    // The host's display and runtime directory are not the guest's.
    const forwarded = ["PATH", "HOME", "A"].flatMap((name) => ["-e", name]);
    assertEquals(await muvmArguments(machine, "next"), [
      ...["-i", ...forwarded, "--", HANDLER, "guest", "022", "0/dev/null", "/opt"],
      ...["/usr/bin/FEX", `${PROGRAMS}/reporter`, "", "ü *"],
    ]);
    const report = parseReport(stdout);
    assertEquals(report.argv, ["/usr/bin/FEX", `${PROGRAMS}/reporter`, "", "ü *"]);
    assert(report.env.includes("A=b c"), report.env.join());
    assert(!report.env.some((variable) => variable.startsWith("DISPLAY=")), report.env.join());
    assertEquals(report.cwd, "/opt");
    assertEquals(status, 4);
  },

  "FEX is started through muvm for an i386 program, too": async (machine) => {
    const outcome = await machine.run(["busybox-i386", "sh", "-c", WHO], AS_USER);
    const program = `${PROGRAMS}/busybox-i386`;
    assertEquals(parseReport(outcome.stdout).argv, ["/usr/bin/FEX", program, "sh", "-c", WHO]);
    assert((await muvmArguments(machine, "next")).includes(program), "muvm was not asked");
  },

  "a program below /run is named as muvm's guest sees it": async (machine) => {
    const copied = await machine.run(["cp", `${PROGRAMS}/reporter`, RUNTIME], AS_USER);
    assertEquals(copied.status, 0);
    const { stdout } = await machine.run(["./reporter"], { ...AS_USER, cwd: RUNTIME });
    const guest = `/run/muvm-host${RUNTIME}`;
    // Absolute, but as the kernel was given it.
    const report = parseReport(stdout);
    assertEquals(report.argv, ["/usr/bin/FEX", `${guest}/./reporter`]);
    const argv = await muvmArguments(machine, "next");
    assertEquals(argv[argv.indexOf("guest") + 3], guest);
  },

  "explain shows the candidate through muvm, since page sizes differ": async (machine) => {
    const program = `${PROGRAMS}/dynamic`;
    const { stdout } = await machine.run([RESOLVER, "explain", "--json", program], AS_USER);
    const { candidates, command } = JSON.parse(stdout);
    assertEquals(candidates[0].verdict, "conditions");
    assertEquals([candidates[1].muvm, candidates[1].verdict], ["/usr/bin/muvm", "chosen"]);
    assertEquals(command.argv[0], "/usr/bin/muvm");
  },

  "muvm refuses root, so root's programs skip it": async (machine) => {
    const path = `${PROGRAMS}/dynamic`;
    assertRan(await machine.run([path, "-c", WHO]), `${path}\n/usr/bin/box64\n`);
  },

  "a change of a layer applies to the next start": async (machine) => {
    const layer = '[defaults]\ninterpreter = ["box64", "qemu"]\n';
    assertEquals((await machine.sh(`printf '${layer}' > ${ADMIN_LAYER}`)).status, 0);
    await runsDynamic(machine);
    assertEquals((await machine.run(["rm", ADMIN_LAYER])).status, 0);
    const { stdout } = await machine.run(["dynamic"], AS_USER);
    assertEquals(parseReport(stdout).argv, ["/usr/bin/FEX", `${PROGRAMS}/dynamic`]);
  },
};

/** FEX and muvm as the shipped configuration looks for them; the guest's view of /run is a link. */
const ADD_FEX = [
  `cp ${STAND_INS}/FEX ${STAND_INS}/muvm /usr/bin/`,
  "mkdir -p /usr/share/fex-emu/RootFS /run/muvm-host /usr/lib/systemd",
  "touch /usr/bin/muvm-guest /usr/bin/passt /usr/lib/systemd/systemd-udevd",
  "touch /dev/kvm && chmod 666 /dev/kvm",
  "touch /usr/share/fex-emu/RootFS/default.erofs",
  "ln -s /run /run/muvm-host/run",
].join(" && ");

test({
  name: "the target machine, booted: aarch64 with pages of 16 KiB",
  needs: ["qemu-system-aarch64", "apt", "pip"],
  async fn(t) {
    const directory = await Deno.makeTempDir({ prefix: "vm-" });
    try {
      const { kernel, initramfs } = await buildTarget(directory);
      await using machine = await Machine.boot(kernel, initramfs);
      const steps = async (steps: Record<string, Step>) => {
        for (const [name, step] of Object.entries(steps)) await t.step(name, () => step(machine));
      };
      await steps(BEFORE);
      assertEquals((await machine.sh(ADD_FEX)).stderr, "");
      await steps(WITH_FEX);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
