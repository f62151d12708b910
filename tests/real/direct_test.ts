/** Entries that name the emulator itself: binfmt-dispatcher takes no part in the start. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER, HANDLER, RESOLVER, SYSTEM_TABLES } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { BUSYBOX, busybox, FOREIGN, NEEDS, NEEDS_KERNEL, PROBE, probe } from "./foreign.ts";

/** A world with a foreign program and shipped configuration; what `binfmt` prints is registered. */
async function worldWithLines(args: readonly string[], configuration = ""): Promise<World> {
  const world = new World();
  world.install();
  world.file(ADMIN_LAYER, configuration);
  world.bind(await busybox(FOREIGN), BUSYBOX);
  world.file("/usr/bin/own", PROBE, 0o755);
  const { status, stdout, stderr } = await world.run([
    "binfmt-dispatcher",
    "binfmt",
    "--direct",
    ...args,
  ]);
  assertEquals([status, stderr], [0, ""]);
  for (const line of stdout.split("\n")) if (line.startsWith(":")) world.register(line);
  return world;
}

test({
  name: "with a direct entry programs run without handler, table and resolver",
  needs: NEEDS,
  fn: async () => {
    using world = await worldWithLines(["--machine", FOREIGN, "--machine", "s390x"]);
    world.bind(await busybox("s390x"), "/usr/bin/busybox-s390x");
    for (const path of [HANDLER, RESOLVER]) world.bind("/dev/null", path);
    const entry = `/proc/sys/fs/binfmt_misc/binfmt-dispatcher-${FOREIGN}`;
    const { stdout } = await world.run(["cat", entry]);
    assert(stdout.includes(`interpreter /usr/bin/qemu-${FOREIGN}`), stdout);
    assertEquals((await world.run(["busybox-foreign", "uname", "-m"])).stdout, `${FOREIGN}\n`);
    assertEquals((await world.run(["busybox-s390x", "uname", "-m"])).stdout, "s390x\n");
    const ended = await world.run(["bash", "-c", "exec -a sh busybox-foreign -c 'exit 3'"]);
    assertEquals([ended.status, ended.stderr], [3, ""]);
    assertEquals([...Deno.readDirSync(world.outside(SYSTEM_TABLES))], []);
  },
});

test({
  name: "a direct entry with F runs static programs where the emulator is not visible",
  needs: NEEDS_KERNEL,
  fn: async () => {
    using world = await worldWithLines(["--flags", "PF", "--machine", FOREIGN]);
    // The root of a container: only the program.
    world.file("/run/root/busybox", await Deno.readFile(await busybox(FOREIGN)), 0o755);
    const chroot = ["chroot", "/run/root", "/busybox"];
    const { status, stdout, stderr } = await world.run([...chroot, "sh", "-c", "uname -m; exit 5"]);
    assertEquals([status, stdout, stderr], [5, `${FOREIGN}\n`, ""]);
  },
});

test({
  name: "a direct entry follows the configuration's list",
  needs: NEEDS,
  fn: async () => {
    const configuration = '[defaults]\ninterpreter = ["absent", "own"]\n' +
      probe("absent") + probe("own");
    using world = await worldWithLines(["--machine", FOREIGN, "--flags", "P"], configuration);
    const { stdout } = await world.run(["bash", "-c", 'exec -a name busybox-foreign one ""']);
    // As the kernel passes it with P: the path, argv[0] and the arguments.
    assertEquals(stdout, `own: [${BUSYBOX}] [name] [one] []\n`);
  },
});
