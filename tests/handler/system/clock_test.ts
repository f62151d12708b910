import { assertEquals } from "@std/assert";
import * as clock from "../../../lib/handler/system/clock.ts";
import * as file from "../../../lib/handler/system/file.ts";
import { bytesOf, World } from "./world.ts";

const DAY = 86_400_000_000_000;

Deno.test("since() tells how long ago a file changed, a day at most", () => {
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
  // No number holds these seconds.
  assertEquals(since(-1n), -DAY);
});

Deno.test("isAhead() compares with the clock of now, to the nanosecond", () => {
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
