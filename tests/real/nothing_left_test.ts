import { assert, assertEquals } from "@std/assert";
import { USER_LAYER } from "../../lib/paths.ts";
import { snapshot } from "../../tasks/leftovers.ts";
import { test } from "../abilities.ts";
import { FOREIGN, NEEDS, worldWithBusybox } from "./foreign.ts";

/** Processes with this text in their command line or environment. */
function processesWith(text: string): string[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => name).filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return ["cmdline", "environ"].some((file) =>
        Deno.readTextFileSync(`/proc/${name}/${file}`).includes(text)
      );
    } catch {
      return false; // it ended, or is another user's
    }
  });
}

/** Waits for such processes: a new process shows nothing yet. */
async function firstProcessesWith(text: string): Promise<string[]> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = processesWith(text);
    if (found.length > 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test({
  name: "programs that ran, failed or were killed leave no entry, mount, file or process",
  needs: NEEDS,
  fn: async () => {
    const before = snapshot();
    let directory: string;
    {
      using world = await worldWithBusybox();
      directory = world.directory;
      const script = `
        ls /proc/sys/fs/binfmt_misc
        busybox-foreign true
        busybox-foreign false
        busybox-foreign sh -c 'kill -KILL $$'
        until [ -e /run/seen ]; do sleep 0.01; done
      `;
      // With a user's layer even the resolver has HOME.
      world.file(`/home/.config/${USER_LAYER}`, "");
      const running = world.run(["sh", "-c", script], {
        env: { HOME: `${directory}/home` },
        plain: true,
      });
      const seen = await firstProcessesWith(directory);
      world.file("/run/seen", "");
      const { status, stdout } = await running;
      assertEquals(status, 0);
      assert(seen.length > 0);
      assert(stdout.split("\n").includes(`binfmt-dispatcher-${FOREIGN}`), stdout);
      assertEquals(processesWith(directory), []);
    }
    assertEquals([...snapshot()].filter((entry) => !before.has(entry)), []);
    const mounts = Deno.readTextFileSync("/proc/self/mounts");
    assert(!mounts.includes(directory), mounts);
    assertEquals(await Deno.stat(directory).catch(() => "gone"), "gone");
  },
});
