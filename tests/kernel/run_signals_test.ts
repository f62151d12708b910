/** `run` passes on signals between its caller and the program. */
import { assertEquals } from "@std/assert";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { NEEDS_KERNEL } from "../real/foreign.ts";

const RUN = ["binfmt-dispatcher", "run", "/bin/sh", "-c"];

test({
  name: "run dies by the signal that kills its program",
  needs: NEEDS_KERNEL,
  fn: async () => {
    using world = new World();
    world.install([]);
    for (const name of ["KILL", "TERM", "INT", "HUP", "USR1", "SEGV", "QUIT"]) {
      const { signal, stderr } = await world.run([...RUN, `kill -s ${name} $$`]);
      assertEquals([signal, stderr], [`SIG${name}`, ""]);
    }
  },
});

/**
 * Starts `run` in its own process group and, when the program is ready, sends it the signal $1; $2
 * is “-” to send it to the whole group.
 */
const SEND = `
set -m
mkfifo /run/said
binfmt-dispatcher run /bin/sh -c '
  trap "echo heard; exit 6" "$0"; echo ready >/run/said; while :; do sleep 0.05; done' "$1" &
read -r said </run/said
kill -s "$1" -- "$2$!"
wait $!
echo "$?"`;

test({
  name: "run leaves signals of the terminal's keys to its program and forwards others",
  needs: NEEDS_KERNEL,
  fn: async () => {
    for (const [name, group] of [["INT", "-"], ["QUIT", "-"], ["TERM", ""], ["USR2", ""]]) {
      using world = new World();
      world.install([]);
      const { stdout } = await world.run(["bash", "-c", SEND, "bash", name!, group!]);
      assertEquals(stdout, "heard\n6\n", name);
    }
  },
});
