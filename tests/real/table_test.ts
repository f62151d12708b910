/**
 * The route table is made once for each change of the configuration, and is never out of date.
 * tests/kernel/caching_test.ts shows more, in one namespace.
 */
import { assert, assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { ADMIN_LAYER, ADMIN_LAYERS, SYSTEM_TABLES, VENDOR_LAYERS } from "../../lib/paths.ts";
import type { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { countStarts, STARTS } from "../kernel/changing_world.ts";
import { NEEDS, PROBE, probe, worldWithBusybox } from "./foreign.ts";

function table(name: string, fn: (world: World) => Promise<void>): void {
  test({
    name,
    needs: NEEDS,
    fn: async () => {
      using world = await worldWithBusybox();
      countStarts(world);
      for (const name of ["red", "green"]) {
        world.file(`/usr/bin/${name}`, PROBE, 0o755);
        world.file(`${VENDOR_LAYERS}/50-${name}.toml`, probe(name));
      }
      await settle();
      await fn(world);
    },
  });
}

/** A table made from files that changed less than 20 ms ago is used once and not stored. */
function settle(): Promise<void> {
  return new Promise((done) => setTimeout(done, 50));
}

function starts(world: World): number {
  return Deno.readTextFileSync(world.outside(STARTS)).split("\n").length - 1;
}

/** The name of the interpreter that ran; "qemu" if busybox itself printed the line. */
async function runs(world: World): Promise<string> {
  const { status, stdout, stderr } = await world.run(["busybox-foreign", "echo", "qemu:"]);
  assertEquals([status, stderr], [0, ""]);
  return stdout.split(":")[0]!;
}

/**
 * Starts it several times in one namespace. Each namespace has its own overlay, on which the same
 * files are on another device, so that a table of another namespace is stale.
 */
async function runsThrice(world: World): Promise<void> {
  const script = "for i in 1 2 3; do busybox-foreign echo qemu; done";
  const { stdout, stderr } = await world.run(["sh", "-c", script]);
  assertEquals([stdout, stderr], ["qemu\nqemu\nqemu\n", ""]);
}

table("the resolver is started for the first program, and not again", async (world) => {
  assertEquals(starts(world), 0);
  await runsThrice(world);
  assertEquals(
    Deno.readTextFileSync(world.outside(STARTS)),
    `routes --format ${FORMAT_VERSION} --system\n`,
  );
  const [file, ...others] = [...Deno.readDirSync(world.outside(SYSTEM_TABLES))];
  assertEquals(others, []);
  const { mode, size } = Deno.statSync(world.outside(`${SYSTEM_TABLES}/${file!.name}`));
  assertEquals(mode! & 0o777, 0o644);
  assert(size > 1000);
});

table("a change of a layer applies to the next program", async (world) => {
  assertEquals(await runs(world), "qemu");
  const set = (interpreter: string) =>
    world.file(ADMIN_LAYER, `[defaults]\ninterpreter = "${interpreter}"\n`);
  // All have the same length: only the time differs.
  for (const interpreter of ["red  ", "qemu ", "green"]) {
    set(interpreter.trim());
    assertEquals(await runs(world), interpreter.trim());
  }
});

table(
  "adding, renaming over and removing a layer applies to the next program",
  async (world) => {
    assertEquals(await runs(world), "qemu");
    const layer = `${ADMIN_LAYERS}/10-mine.toml`;
    world.file(layer, `[defaults]\ninterpreter = "red"\n`);
    assertEquals(await runs(world), "red");
    world.file(`${layer}.new`, `[defaults]\ninterpreter = "green"\n`);
    Deno.renameSync(world.outside(`${layer}.new`), world.outside(layer));
    assertEquals(await runs(world), "green");
    Deno.removeSync(world.outside(layer));
    assertEquals(await runs(world), "qemu");
    await settle();
    for (const { name } of Deno.readDirSync(world.outside(SYSTEM_TABLES))) {
      Deno.removeSync(world.outside(`${SYSTEM_TABLES}/${name}`));
    }
    const before = starts(world);
    await runsThrice(world);
    assertEquals(starts(world), before + 1);
  },
);

table("a broken layer stops neither the other layers nor a program", async (world) => {
  world.file(`${ADMIN_LAYERS}/10-red.toml`, `[defaults]\ninterpreter = "red"\n`);
  for (
    const broken of ['[defaults\ninterpreter = "green"', "interpreter = ", "\0\0", "a = 1\na = 2"]
  ) {
    world.file(ADMIN_LAYER, broken);
    assertEquals(await runs(world), "red", JSON.stringify(broken));
  }
  world.file(ADMIN_LAYER, `[defaults]\ninterpreter = 7\n[interpreters.green]\nname = "Grass"\n`);
  assertEquals(await runs(world), "red");
  world.file(ADMIN_LAYER, `[defaults]\ninterpreter = "green"\n`);
  assertEquals(await runs(world), "green");
});

table("a damaged or missing table is made again", async (world) => {
  assertEquals(await runs(world), "qemu");
  const [{ name } = { name: "" }] = Deno.readDirSync(world.outside(SYSTEM_TABLES));
  const file = world.outside(`${SYSTEM_TABLES}/${name}`);
  const whole = Deno.readFileSync(file);
  for (const damaged of [whole.slice(0, 1000), new Uint8Array(5000), new Uint8Array()]) {
    const before = starts(world);
    Deno.writeFileSync(file, damaged);
    assertEquals(await runs(world), "qemu");
    assertEquals(starts(world), before + 1);
    assertEquals(Deno.statSync(file).size, whole.length);
  }
  Deno.removeSync(file);
  assertEquals(await runs(world), "qemu");
  assertEquals(starts(world), 5);
});

table("installing an interpreter applies to the next program", async (world) => {
  world.file(
    ADMIN_LAYER,
    `[defaults]\ninterpreter = ["red", "green"]\n[interpreters.red]\npath = "/usr/bin/late"\n`,
  );
  await settle();
  assertEquals(await runs(world), "green");
  world.file("/usr/bin/late", PROBE, 0o755);
  assertEquals(await runs(world), "late");
});

table("32 simultaneous first starts start one resolver", async (world) => {
  const script =
    'for i in $(seq 32); do busybox-foreign echo "$i" & done | sort -n | tail -n 1; wait';
  const { stdout, stderr } = await world.run(["sh", "-c", script]);
  assertEquals([stdout, stderr], ["32\n", ""]);
  assertEquals(starts(world), 1);
});
