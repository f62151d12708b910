// Shows docs/security.md#denial-of-service
import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { headersOf } from "../programs.ts";
import { Stage } from "./stage.ts";

/** Too old to share its timestamp with a later change. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 40));

const NAMED = (name: string) =>
  '[defaults]\ninterpreter = "probe"\n[interpreters.probe]\npath = "$/interpreter"\n' +
  `args = ["${name}"]\n` +
  'machines = ["riscv64"]\n';

interface Tables {
  readonly stage: Stage;
  readonly program: string;
  /** The configuration with which the handler started the interpreter. */
  readonly start: () => Promise<string>;
  /** How often the resolver was started. */
  readonly resolved: () => number;
}

function tables(stage: Stage): Tables {
  const program = stage.write("program", headersOf("riscv64"), 0o755);
  const log = stage.path("log");
  const resolver = `#!/bin/sh\necho >> ${log}\nexec cat ${stage.path("table")}\n`;
  stage.write("resolver", resolver, 0o755);
  stage.configure(NAMED("one"));
  return {
    stage,
    program,
    start: async () => {
      const { report, stderr } = await stage.handle([program], { isolated: true });
      return report?.argv[1] ?? stderr;
    },
    resolved: () => {
      try {
        return Deno.statSync(log).size;
      } catch {
        return 0;
      }
    },
  };
}

const TABLE = "tables/routes-3";
test({
  name: "findTable() has a table made once and stores it",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const { start, resolved } = tables(stage);
    await settle();
    for (let i = 0; i < 3; i++) assertEquals(await start(), "one");
    assertEquals(resolved(), 1);
    const kept = Deno.statSync(stage.path(TABLE));
    assertEquals(kept.mode! & 0o777, 0o644);
    assertEquals([...Deno.readDirSync(stage.path("tables"))].length, 1);
  },
});

test({
  name: "findTable() skips tables that are torn, foreign, writable or of another format",
  needs: ["a way to be root"],
  fn: async () => {
    using stage = new Stage();
    const { start, resolved } = tables(stage);
    await settle();
    assertEquals(await start(), "one");
    const good = Deno.readFileSync(stage.path(TABLE));
    const changed = (at: number, byte: number) => {
      const bytes = good.slice();
      bytes[at]! ^= byte;
      return bytes;
    };
    const damages: Record<string, () => void> = {
      empty: () => stage.write(TABLE, ""),
      torn: () => stage.write(TABLE, good.slice(0, good.length - 1)),
      "its magic": () => stage.write(TABLE, changed(0, 1)),
      "its version": () => stage.write(TABLE, changed(8, 2)),
      "its size": () => stage.write(TABLE, changed(12, 1)),
      "its end": () => stage.write(TABLE, changed(good.length - 1, 1)),
      "sources far outside": () => stage.write(TABLE, changed(35, 0x7f)),
      "writable by all": () => Deno.chmodSync(stage.path(TABLE), 0o666),
      "a link": () => {
        Deno.renameSync(stage.path(TABLE), stage.path("elsewhere"));
        Deno.symlinkSync(stage.path("elsewhere"), stage.path(TABLE));
      },
    };
    let expected = 1;
    for (const [what, damage] of Object.entries(damages)) {
      damage();
      assertEquals([what, await start()], [what, "one"]);
      assertEquals([what, resolved()], [what, ++expected]);
      assertEquals([what, await start(), resolved()], [what, "one", expected]);
    }
  },
});

test({
  name: "the lock is free while a start is explained",
  needs: ["root"],
  fn: async () => {
    using stage = new Stage();
    const { program } = tables(stage);
    const free = `flock -n ${stage.path("tables")} echo free > ${stage.path("lock")}`;
    const table = `exec cat ${stage.path("table")}`;
    const resolver = `#!/bin/sh\nif [ "$1" = explain ]; then ${free}; else ${table}; fi\n`;
    stage.write("resolver", resolver, 0o755);
    await stage.handle([program], { env: { BINFMT_DISPATCHER_LOG_LEVEL: "debug" } });
    assertEquals(Deno.readTextFileSync(stage.path("lock")), "free\n");
  },
});
