/** Programs' output, and how programs end with their callers. */
import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { GuestWorld, NEEDS } from "./guest_world.ts";

const MEGABYTE = "head -c 1000000 /dev/zero";

test({
  name: "everything that a program wrote arrives after it ends",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const { stdout } = await world.script(`
      for n in 1 2 3 4 5 6; do do-it '${MEGABYTE}' < /dev/null | wc -c; done
      do-it '${MEGABYTE}; ${MEGABYTE} >&2' < /dev/null 2> /run/errors | wc -c
      wc -c < /run/errors
      # A slow reader.
      do-it '${MEGABYTE}' < /dev/null | { sleep 0.5; wc -c; }
    `);
    assertEquals(stdout, "1000000\n".repeat(9));
  },
});

test({
  name: "everything that a program wrote to a terminal arrives after it ends",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const { stdout } = await world.script(`
      mkfifo /run/input; exec 8<>/run/input
      for n in 1 2 3 4 5; do
        script -qec "do-it 'seq 20000'" /dev/null <&8 | tr -d '\\r' | md5sum
      done
      seq 20000 | md5sum
    `);
    const sums = stdout.trim().split("\n");
    assertEquals(sums.length, 6);
    assertEquals(new Set(sums).size, 1, stdout);
  },
});

test({
  name: "a program's exit does not wait for its background processes",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const { stdout } = await world.script(`
      do-it '(sleep 20; echo too late) & echo now; exit 3' < /dev/null
      echo $? $SECONDS
      # A background process may even go on writing.
      do-it 'yes & echo now; exit 4' < /dev/null | head -n 1
      echo \${PIPESTATUS[0]} $SECONDS
    `);
    const [now, first, , second] = stdout.trim().split("\n");
    assertEquals([now, first?.split(" ")[0]], ["now", "3"]);
    assert(Number(first?.split(" ")[1]) < 20, stdout);
    assert(Number(second?.split(" ")[1]) < 20, stdout);
  },
});

test({
  name: "a program gets SIGTERM when muvm ends or its reader closes the pipe",
  needs: NEEDS,
  fn: async () => {
    using world = new GuestWorld();
    const told = "trap 'echo told > /run/muvm-host/run/told; exit' TERM";
    world.program(
      "/usr/bin/waits",
      `exec 2>/dev/null; ${told}; echo waits; while :; do sleep 0.05; done`,
    );
    const closed = "cat /dev/zero; echo gone > /run/muvm-host/run/gone";
    world.program("/usr/bin/endless", `exec 2>/dev/null; trap : TERM; ${closed}`);
    const { stdout } = await world.script(`
      await() { for n in $(seq 100); do [ -s "$1" ] && cat "$1" && return; sleep 0.1; done; }
      waits </dev/null >/run/said 2>&1 &
      await /run/said
      # The start became muvm, so this is muvm's process.
      kill -TERM $!
      await /run/told
      endless </dev/null 2>/run/errors | head -c 5 | wc -c
      await /run/gone
    `);
    assertEquals(stdout, "waits\ntold\n5\ngone\n");
  },
});
