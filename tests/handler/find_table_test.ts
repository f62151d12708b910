import { assert, assertEquals } from "@std/assert";
import { headersOf } from "../programs.ts";
import { Stage } from "./stage.ts";

/** Older than what may share its timestamp with a change. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 40));

const NAMED = (name: string) =>
  `[defaults]\ninterpreter = "probe"\n[interpreters.probe]\npath = "$/interpreter"\nargs = ["${name}"]\n` +
  'machines = ["riscv64"]\n';

interface Tables {
  readonly stage: Stage;
  readonly program: string;
  /** What the handler was configured with when it started the interpreter. */
  readonly start: () => Promise<string>;
  /** Times that the resolver was started. */
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
      const { report, stderr } = await stage.handle([program]);
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

const TABLE = "tables/routes-1";
const asRoot = Deno.uid() === 0;

Deno.test({
  name: "findTable() has a table made once and keeps it",
  ignore: !asRoot,
  fn: async () => {
    using stage = new Stage();
    const { start, resolved } = tables(stage);
    await settle();
    for (let i = 0; i < 3; i++) assertEquals(await start(), "one");
    assertEquals(resolved(), 1);
    const kept = Deno.statSync(stage.path(TABLE));
    assertEquals([kept.mode! & 0o777, kept.uid], [0o644, 0]);
    assertEquals([...Deno.readDirSync(stage.path("tables"))].length, 1);
  },
});

Deno.test({
  name: "findTable() passes over tables that are torn, foreign, of another format or writable",
  ignore: !asRoot,
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

Deno.test("findTable() says that no table can be made", async () => {
  using stage = new Stage();
  const { program } = tables(stage);
  for (const resolver of ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho nonsense\n", "#!/nowhere\n"]) {
    stage.write("resolver", resolver, 0o755);
    const { status, stderr } = await stage.handle([program]);
    assertEquals(status, 125);
    assert(stderr.includes("its route table cannot be made"), stderr);
  }
});

Deno.test("findTable() gives the resolver a clean start", async () => {
  using stage = new Stage();
  const { program } = tables(stage);
  const seen = stage.path("seen");
  const resolver =
    `#!/bin/sh\n{ env; pwd; umask; ls -l /proc/self/fd; echo "$@"; } > ${seen}\ncat ${
      stage.path("table")
    }\n`;
  stage.write("resolver", resolver, 0o755);
  const env = { LD_PRELOAD: "/nowhere.so", XDG_CONFIG_HOME: "/x", QEMU_LOG: "y" };
  const { report } = await stage.handle([program], { env });
  assertEquals(report?.env.includes("LD_PRELOAD=/nowhere.so"), true);
  const lines = Deno.readTextFileSync(seen).split("\n");
  const variables = lines.filter((line) => line.includes("=")).map((line) => line.split("=")[0]);
  assertEquals(variables.filter((name) => !["PWD", "_", "SHLVL", "OLDPWD"].includes(name!)), [
    "PATH",
  ]);
  assert(lines.includes("/"), "its working directory is /");
  assert(lines.includes("0022"), "its umask");
  assert(lines.some((line) => / 0 -> \/dev\/null/.test(line)), "descriptor 0");
  assertEquals(lines.at(-2), "routes --system");
});
