import { assert, assertEquals } from "@std/assert";
import { MACHINES } from "../../../lib/elf/machines.ts";
import { headersOf } from "../../programs.ts";
import { Stage } from "../stage.ts";

const BY_LINKAGE = `[interpreters.static]
path = "$/interpreter"
args = ["static"]
linkage = "static"
machines = MACHINES
[interpreters.dynamic]
path = "$/interpreter"
args = ["dynamic", "{sysroot}"]
linkage = "dynamic"
sysroot = ["$/nowhere", "$/root"]
machines = MACHINES
[defaults]
interpreter = ["static", "dynamic"]`
  .replaceAll("MACHINES", JSON.stringify(MACHINES.map(({ name }) => name)));

Deno.test("a program's loader is found in both classes and byte orders", async () => {
  using stage = new Stage(BY_LINKAGE);
  stage.write("root/lib/ld.so.1", "");
  for (const name of ["arm", "s390x", "alpha", "mips", "riscv64", "ppc"]) {
    for (const phoff of [64, 4090, 5000, 100_000]) {
      const image = headersOf(name, { interp: "/lib/ld.so.1", phoff });
      const { report, stderr } = await stage.handle([stage.write("program", image, 0o755)]);
      assertEquals([name, phoff, report?.argv.slice(1), stderr], [
        name,
        phoff,
        ["dynamic", stage.path("root")],
        "",
      ]);
    }
    const { report } = await stage.handle([stage.write("program", headersOf(name), 0o755)]);
    assertEquals(report?.argv.slice(1), ["static"]);
  }
});

Deno.test("a root named by a variable comes first, if the variable is set", async () => {
  // \u0024 is $ in TOML; unescaped it would be the stage's directory.
  using stage = new Stage(
    `[defaults]\ninterpreter = "emulator"\n[interpreters.emulator]\npath = "$/interpreter"\n` +
      `machines = "riscv64"\nargs = ["{sysroot}"]\nsysroot = ["\\u0024EMU_PREFIX", "$/root"]`,
  );
  stage.write("root/lib/ld.so.1", "");
  stage.write("sdk/lib/ld.so.1", "");
  const start = async (interp: string | undefined, prefix?: string) => {
    const image = headersOf("riscv64", interp === undefined ? {} : { interp });
    const env = prefix === undefined ? {} : { EMU_PREFIX: prefix };
    const options = { env, cwd: stage.directory };
    const { report } = await stage.handle([stage.write("program", image, 0o755)], options);
    return report?.argv[1];
  };
  const [root, sdk] = [stage.path("root"), stage.path("sdk")];
  for (const interp of ["/lib/ld.so.1", undefined]) {
    assertEquals(await start(interp), root);
    assertEquals(await start(interp, ""), root);
    assertEquals(await start(interp, sdk), sdk);
    assertEquals(await start(interp, "sdk"), "sdk");
  }
  assertEquals(await start("/lib/ld.so.1", "/nowhere"), root);
  assertEquals(await start("/lib/ld.so.2", sdk), undefined);
});

Deno.test("{sysroot} of a static program is the root that contains it", async () => {
  using stage = new Stage(
    `[defaults]\ninterpreter = "emulator"\n[interpreters.emulator]\npath = "$/interpreter"\n` +
      `machines = "riscv64"\nargs = ["{sysroot}"]\n` +
      `sysroot = ["\\u0024EMU_PREFIX", "/", "$/other", "$/root"]`,
  );
  const start = async (path: string, env: Record<string, string> = {}) => {
    const program = stage.write(path, headersOf("riscv64"), 0o755);
    return (await stage.handle([program], { env })).report?.argv[1];
  };
  assertEquals(await start("root/lib/ld.so.1"), stage.path("root"));
  assertEquals(await start("root/lib/ld.so.1", { EMU_PREFIX: "/sdk" }), "/sdk");
  assertEquals(await start("roots/lib/ld.so.1"), "/");
  assertEquals(await start("program"), "/");
});

Deno.test("a corrupt ELF header ends the start with a message", async () => {
  using stage = new Stage(BY_LINKAGE);
  const good = headersOf("riscv64", { interp: "/lib/ld.so.1" });
  const set = (at: number, ...bytes: number[]) => {
    const image = good.slice();
    image.set(bytes, at);
    return image;
  };
  const damaged = {
    "cut short": good.slice(0, 40),
    "program headers beyond the end": set(32, 0xff, 0xff),
    "program headers far beyond the end": set(32, ...new Array(8).fill(0xff)),
    "e_phentsize": set(54, 55),
    "PT_INTERP beyond the end": set(64 + 8, 0xff, 0xff),
    "PT_INTERP without its zero byte": set(64 + 32, 3),
    "an empty PT_INTERP": set(64 + 56, 0),
    "a PT_INTERP of no bytes": set(64 + 32, 0),
    "a PT_INTERP of many bytes": set(64 + 32, 0, 0, 1),
  };
  for (const [what, image] of Object.entries(damaged)) {
    const { status, stderr } = await stage.handle([stage.write("program", image, 0o755)]);
    assertEquals([what, status], [what, 126]);
    assert(stderr.includes("corrupt ELF header"), stderr);
  }
});
