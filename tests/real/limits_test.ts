/** A start makes a table of the most paths that a configuration may have. */
import { assert, assertEquals } from "@std/assert";
import { MAX_RULES } from "../../lib/config/limits.ts";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { busybox, FOREIGN, NEEDS, PROBE, probe, worldFor } from "./foreign.ts";

const PROGRAM = "/usr/share/games/busybox";

/** Rules with this many paths; the last one is the program's. */
function rules(count: number): string {
  const paths = Array.from({ length: count - 1 }, (_, i) => `/opt/a/${i}`);
  const parts = Array.from(
    { length: Math.ceil(count / 1000) },
    (_, i) => paths.slice(1000 * i, 1000 * i + 1000),
  );
  return [...parts, [PROGRAM]].filter((part) => part.length > 0).map((part, i) =>
    `[binaries.r${i}]\npath = ${JSON.stringify(part)}\ninterpreter = "red"\n`
  ).join("");
}

test({
  name: "a start makes a table of the maximum number of paths; config check reports one more",
  needs: NEEDS,
  fn: async () => {
    using world = worldFor(FOREIGN);
    world.file("/usr/bin/red", PROBE, 0o755);
    world.bind(await busybox(FOREIGN), PROGRAM);
    const check = async (count: number) => {
      world.file(ADMIN_LAYER, probe("red") + rules(count));
      return (await world.run(["binfmt-dispatcher", "config", "check"])).stdout;
    };
    assert((await check(MAX_RULES + 1)).includes(`more than ${MAX_RULES} paths in all rules`));
    assert(!(await check(MAX_RULES)).includes("paths in all rules"));
    const { status, stdout } = await world.run([PROGRAM, "one"]);
    assertEquals([status, stdout], [0, `red: [${PROGRAM}] [one]\n`]);
  },
});
