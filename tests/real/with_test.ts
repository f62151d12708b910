/** --with: another interpreter for one start, and the lines that make it permanent. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { busybox, FOREIGN, NEEDS, PROBE, probe, worldFor } from "./foreign.ts";

const PROGRAM = "/usr/share/games/busybox";

test({
  name: "run and explain take the interpreter of --with and print lines that make it permanent",
  needs: NEEDS,
  fn: async () => {
    using world = worldFor(FOREIGN);
    for (const name of ["red", "green"]) world.file(`/usr/bin/${name}`, PROBE, 0o755);
    const layer = `[defaults]\ninterpreter = "red"\n${probe("red")}${probe("green")}`;
    world.file(ADMIN_LAYER, layer);
    world.bind(await busybox(FOREIGN), PROGRAM);
    const ask = (...argv: string[]) => world.run(["binfmt-dispatcher", ...argv]);

    assertEquals((await world.run([PROGRAM])).stdout, `red: [${PROGRAM}]\n`);
    const ran = await ask("run", "--with", "green", PROGRAM, "--with", "a");
    assertEquals(ran.stdout, `green: [${PROGRAM}] [--with] [a]\n`);
    const { keep } = JSON.parse((await ask("explain", "--json", "--with=green", PROGRAM)).stdout);
    assertEquals(
      ran.stderr,
      [`To make this permanent, add to ${keep.file}:`, "", ...keep.lines, ""].join("\n"),
    );
    assertEquals(keep.file, ADMIN_LAYER);
    const text = (await ask("explain", "--with=green", PROGRAM)).stdout;
    assert(text.includes(`\n${keep.lines.join("\n")}\n`), text);

    world.file(ADMIN_LAYER, `${layer}${keep.lines.join("\n")}\n`);
    assertEquals((await world.run([PROGRAM])).stdout, `green: [${PROGRAM}]\n`);

    const unknown = await ask("run", "--with", "blue", PROGRAM);
    assertEquals([unknown.status, unknown.stdout], [126, ""]);
    assert(!unknown.stderr.includes("To make this permanent"), unknown.stderr);
  },
});
