import { assertEquals } from "@std/assert";
import * as clock from "../../../lib/handler/system/clock.ts";
import * as file from "../../../lib/handler/system/file.ts";
import { bytesOf, World } from "./world.ts";

const DAY = 86_400_000_000_000;

Deno.test("since() says how long ago a file changed, at most a day", () => {
  const world = new World();
  world.now = 1_700_000_000_000_000_005n;
  clock.take();
  const since = (ctime: bigint) => {
    world.write("/x", "", { ctime });
    file.look(bytesOf("/x"));
    return clock.since(file.ctime);
  };
  assertEquals(since(world.now), 0);
  assertEquals(since(world.now - 10n), 10);
  assertEquals(since(world.now + 10n), -10);
  assertEquals(since(world.now - 20_000_000n), 20_000_000);
  assertEquals(since(0n), DAY);
  assertEquals(since(world.now + 10n ** 18n), -DAY);
  // These seconds overflow.
  assertEquals(since(-1n), -DAY);
});

Deno.test("isAhead() compares with the current time, to the nanosecond", () => {
  const world = new World();
  clock.take();
  world.now = 1_700_000_000_000_000_005n;
  const isAhead = (ctime: bigint) => {
    world.write("/x", "", { ctime });
    file.look(bytesOf("/x"));
    return clock.isAhead(file.ctime);
  };
  assertEquals(isAhead(world.now), false);
  assertEquals(isAhead(world.now + 1n), true);
  assertEquals(isAhead(world.now + 10n ** 9n - 5n), true);
  assertEquals(isAhead(world.now - 10n ** 9n), false);
});

Deno.test("endInTime() has the kernel send SIGALRM once, after ten seconds", () => {
  const world = new World();
  const set: unknown[] = [];
  world.own.setitimer = ([which, time, old]) => {
    set.push(which, ...new BigInt64Array((time as Uint8Array).slice().buffer), old);
    return 0;
  };
  clock.endInTime();
  const ITIMER_REAL = 0;
  assertEquals(set, [ITIMER_REAL, 0n, 0n, 10n, 0n, 0]);
});
