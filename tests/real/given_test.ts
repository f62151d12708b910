/**
 * A foreign program and its caller see the same as with a native program, also if the kernel starts
 * qemu-user directly, except for the rows of docs/transparency.md.
 */
import { assertEquals } from "@std/assert";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { INTERPRETERS, lineFor } from "../kernel/side_by_side.ts";
import { BUSYBOX, busybox, FOREIGN, NEEDS, worldWithBusybox } from "./foreign.ts";

/** A world in which qemu-user is registered, without binfmt-dispatcher. */
async function worldWithQemu(): Promise<World> {
  const world = new World();
  const { direct } = INTERPRETERS.find(({ name }) => name === "qemu-user")!;
  world.register(lineFor("direct", direct, "P"));
  world.bind(await busybox(FOREIGN), BUSYBOX);
  return world;
}

const HANDLER_ONLY = [{ way: "", open: worldWithBusybox }];
const BOTH = [...HANDLER_ONLY, { way: ", by qemu-user directly", open: worldWithQemu }];

function given(name: string, fn: (world: World) => Promise<void>, ways = BOTH): void {
  for (const { way, open } of ways) {
    test({
      name: `a foreign program ${name}${way}`,
      needs: NEEDS,
      fn: async () => {
        using world = await open();
        await fn(world);
      },
    });
  }
}

/** The output of a script in the world; it must succeed and print nothing to stderr. */
async function output(world: World, script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = await world.run(["bash", "-c", script], { env });
  assertEquals([status, stderr], [0, ""], stdout);
  return stdout;
}

given("gets its arguments, including empty ones and blanks", async (world) => {
  const script = `busybox-foreign printf '[%s]' '' 'a b' '*' $'\\t\\n' '' é`;
  assertEquals(await output(world, script), "[][a b][*][\t\n][][é]");
});

given("gets arguments that are not UTF-8 byte by byte", async (world) => {
  const bytes = String.raw`$'\377\376\xc3\x28\xed\xa0\x80'`;
  const said = await output(world, `busybox-foreign printf %s ${bytes} | od -An -tx1`);
  assertEquals(said, " ff fe c3 28 ed a0 80\n");
});

given("gets 100,000 arguments", async (world) => {
  const said = await output(
    world,
    `busybox-foreign sh -c 'echo $# $1; shift 99999; echo $1' sh {1..100000}`,
  );
  assertEquals(said, "100000 1\n100000\n");
});

given("gets the caller's argv[0]", async (world) => {
  assertEquals(await output(world, `exec -a expr busybox-foreign 6 '*' 7`), "42\n");
  assertEquals(await output(world, `exec -a ash busybox-foreign -c 'echo "$0"'`), "ash\n");
});

given("gets the caller's environment, and nothing else", async (world) => {
  const env = { HOME: "/home/x", EMPTY: "", WORDS: "a b\nc", PATH: "/usr/bin:/bin" };
  const emulator = `qemu-${FOREIGN}-static`;
  const wanted = await world.run([emulator, BUSYBOX, "env", "-0"], { env });
  assertEquals(wanted.stdout.split("\0").length, Object.keys(env).length + 1);
  assertEquals(await world.run([BUSYBOX, "env", "-0"], { env }), wanted);
});

given("starts in the caller's directory, by a path relative to it", async (world) => {
  world.link("/usr/share/deep/er/sh", "../../../bin/busybox-foreign");
  const script = "cd /usr/share/deep && ./er/sh -c pwd && cd er && ./sh -c pwd && ../er/sh -c pwd";
  const said = await output(world, script);
  assertEquals(said, "/usr/share/deep\n/usr/share/deep/er\n/usr/share/deep/er\n");
});

given("reads from a pipe, and writes to one", async (world) => {
  const stdin = Uint8Array.from({ length: 1_000_000 }, (_, i) => i * i % 251);
  const wanted = new Uint8Array(await crypto.subtle.digest("SHA-256", stdin)).toHex();
  const outcome = await world.run(["bash", "-c", "busybox-foreign cat | sha256sum"], { stdin });
  const { status, stdout, stderr } = outcome;
  assertEquals({ status, stdout, stderr }, { status: 0, stdout: `${wanted}  -\n`, stderr: "" });
});

given("finds /dev/null at closed standard streams", async (world) => {
  const at = (descriptor: number, redirection: string) =>
    `busybox-foreign readlink /proc/self/fd/${descriptor} ${redirection}`;
  assertEquals(await output(world, at(0, "<&-")), "/dev/null\n");
  assertEquals(await output(world, at(2, "2>&-")), "/dev/null\n");
  assertEquals(await output(world, `${at(1, ">&-")}; echo $?`), "0\n");
}, HANDLER_ONLY);

given("has no descriptor open that its caller did not have", async (world) => {
  const list = (ls: string) => output(world, `exec 7</dev/null; ${ls} /proc/self/fd`);
  assertEquals(await list("busybox-foreign ls"), await list("/bin/ls"));
});

given("has its interpreter's name and can be found by its arguments", async (world) => {
  const script = `busybox-foreign sleep 20 & p=$!
for turn in {1..100}; do grep -q qemu /proc/$p/comm && break; sleep 0.05; done
cat /proc/$p/comm; pgrep -f 'busybox-foreign sleep 20' | grep -cx $p; kill $p`;
  const [name, found] = (await output(world, script)).split("\n");
  assertEquals([name!.startsWith("qemu-"), found], [true, "1"]);
}, HANDLER_ONLY);

given("is the process that its caller started", async (world) => {
  const said = await output(world, `echo $$; exec busybox-foreign sh -c 'echo $$'`);
  const [shell, program] = said.trimEnd().split("\n");
  assertEquals(program, shell);
});

given("keeps the caller's umask and limits", async (world) => {
  const ask = "umask; ulimit -n; ulimit -c";
  const said = await output(world, `umask 027; ulimit -n 99 -c 0; busybox-foreign sh -c '${ask}'`);
  assertEquals(said, "0027\n99\n0\n");
});

given("ignores the signals that its caller ignores", async (world) => {
  const program = "busybox-foreign sh -c 'kill -HUP $$; echo alive'";
  assertEquals(await output(world, `trap '' HUP; ${program}`), "alive\n");
  assertEquals((await world.run(["bash", "-c", `exec ${program}`])).signal, "SIGHUP");
});

given("ends with its own status", async (world) => {
  for (const status of [0, 1, 2, 125, 126, 127, 255]) {
    const outcome = await world.run(["busybox-foreign", "sh", "-c", `exit ${status}`]);
    assertEquals([outcome.status, outcome.signal, outcome.stderr], [status, null, ""]);
  }
});

given("reports its death by a signal", async (world) => {
  for (const [signal, number] of [["TERM", 15], ["KILL", 9], ["USR2", 12]] as const) {
    const kill = `kill -${signal} $$`;
    const outcome = await world.run(["busybox-foreign", "sh", "-c", kill]);
    assertEquals([outcome.signal, outcome.status], [`SIG${signal}`, 128 + number]);
    const said = await world.run(["bash", "-c", `(busybox-foreign sh -c '${kill}'); echo $?`]);
    assertEquals(said.stdout, `${128 + number}\n`);
  }
});

given("can be named in a script's first line", async (world) => {
  const script = '#!/usr/bin/busybox-foreign sh\necho "$0: $#, $1"; uname -m\nexit 4\n';
  world.file("/usr/share/script", script, 0o755);
  const { status, stdout, stderr } = await world.run(["/usr/share/script", "a b", ""]);
  assertEquals([status, stdout.split("\n")[0], stderr], [4, "/usr/share/script: 2, a b", ""]);
});

given("can start others, native and foreign, and wait for them", async (world) => {
  const inner = "busybox-foreign sh -c 'exit 3'; echo $?; /bin/bash -c 'exit 5'; echo $?";
  assertEquals(
    await output(world, `busybox-foreign sh -c "${inner.replaceAll("$", "\\$")}"`),
    "3\n5\n",
  );
  const pipe = `busybox-foreign sh -c 'echo abc | busybox-foreign tr a-c A-C | /usr/bin/rev'`;
  assertEquals(await output(world, pipe), "CBA\n");
});

given("runs alongside forty others", async (world) => {
  const script =
    `for i in {1..40}; do busybox-foreign expr $i '*' 2 & done | sort -n | tail -n 1; wait`;
  assertEquals(await output(world, script), "80\n");
});
