import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { PROBE, Stage } from "./stage.ts";

const settle = () => new Promise((resolve) => setTimeout(resolve, 40));

test({
  name: "a table holds until any of its sources changes in any way",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const program = stage.write("program", headersOf("riscv64"), 0o755);
    const layer = stage.write("layers/a.toml", "one");
    const [missing, directory] = [stage.path("layers/b.toml"), stage.path("layers")];
    const log = stage.write("log", "");
    const resolver = `#!/bin/sh\necho >> ${log}\nexec cat ${stage.path("table")}\n`;
    stage.write("resolver", resolver, 0o755);
    /** How often the resolver is started by a start of the program. */
    const resolved = async () => {
      const before = Deno.statSync(log).size;
      const { status, stderr } = await stage.handle([program], { isolated: true });
      assertEquals([status, stderr], [2, ""]);
      return Deno.statSync(log).size - before;
    };
    const { mtime } = Deno.statSync(layer);
    const changes: Record<string, () => void> = {
      "nothing was there": () => {},
      "other content of the same size": () => Deno.writeTextFileSync(layer, "two"),
      "other content, the old mtime": () => {
        Deno.writeTextFileSync(layer, "six");
        Deno.utimeSync(layer, mtime!, mtime!);
      },
      touched: () => Deno.utimeSync(layer, new Date(), new Date()),
      "another mode": () => Deno.chmodSync(layer, 0o600),
      "another file of the same name": () => Deno.renameSync(stage.write("new", "six"), layer),
      "an absent one appears": () => Deno.writeTextFileSync(missing, ""),
      "and goes again": () => Deno.removeSync(missing),
      removed: () => Deno.removeSync(layer),
      "the directory too": () => Deno.removeSync(directory),
    };
    for (const [what, change] of Object.entries(changes)) {
      change();
      stage.configure(PROBE, [layer, missing, directory]);
      await settle();
      assertEquals([what, await resolved(), await resolved()], [what, 1, 0]);
    }
  },
});

test({
  name: "a table made from a file that has just changed is used once",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const program = stage.write("program", headersOf("riscv64"), 0o755);
    const layer = stage.path("layer");
    stage.write("layer", "");
    stage.configure(PROBE, [layer]);
    // The resolver itself changes the layer: no timestamp tells whether before or after it was
    // read.
    const resolver = `#!/bin/sh\necho > ${layer}\nexec cat ${stage.path("table")}\n`;
    stage.write("resolver", resolver, 0o755);
    await settle();
    assertEquals((await stage.handle([program], { isolated: true })).status, 2);
    assertEquals([...Deno.readDirSync(stage.path("tables"))], []);
  },
});

test({
  name: "a table made from a file that has since gone is used once",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const program = stage.write("program", headersOf("riscv64"), 0o755);
    const layer = stage.write("layer", "");
    stage.configure(PROBE, [layer]);
    Deno.removeSync(layer);
    await settle();
    assertEquals((await stage.handle([program], { isolated: true })).status, 2);
    assertEquals([...Deno.readDirSync(stage.path("tables"))], []);
  },
});
