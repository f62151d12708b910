import { assert, assertEquals } from "@std/assert";
import { snapshot } from "../../tasks/leftovers.ts";
import { test } from "../abilities.ts";
import { FOREIGN, NEEDS, worldWithBusybox } from "./foreign.ts";

/** Processes in a mount namespace, by /proc/PID/ns/mnt. */
function processesIn(namespace: string): string[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return Deno.readLinkSync(`/proc/${name}/ns/mnt`) === namespace;
    } catch {
      return false; // it ended, or is somebody else's
    }
  });
}

test({
  name: "no entry, mount, file or process is left of programs that ran, failed or were killed",
  needs: NEEDS,
  fn: async () => {
    const before = snapshot();
    let folder: string;
    {
      using world = await worldWithBusybox();
      folder = world.folder;
      const script = `
        readlink /proc/self/ns/mnt
        ls /proc/sys/fs/binfmt_misc
        busybox-foreign true
        busybox-foreign false
        busybox-foreign sh -c 'kill -KILL $$'
        true
      `;
      const { status, stdout } = await world.run(["sh", "-c", script]);
      assertEquals(status, 0);
      const [namespace = "", ...entries] = stdout.trimEnd().split("\n");
      assert(entries.includes(`binfmt-dispatcher-${FOREIGN}`), stdout);
      assert(namespace.startsWith("mnt:"), stdout);
      assert(processesIn(Deno.readLinkSync("/proc/self/ns/mnt")).includes(String(Deno.pid)));
      assertEquals(processesIn(namespace), []);
    }
    assertEquals([...snapshot()].filter((entry) => !before.has(entry)), []);
    const mounts = Deno.readTextFileSync("/proc/self/mounts");
    assert(!mounts.includes(folder), mounts);
    assertEquals(await Deno.stat(folder).catch(() => "gone"), "gone");
  },
});
