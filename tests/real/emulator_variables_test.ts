/** Variables of the caller and of the configuration reach the emulator. */
import { assertEquals } from "@std/assert";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { machine } from "../elf/build_elf.ts";
import { dash, FOREIGN, NEEDS, worldFor, worldWithBusybox } from "./foreign.ts";

test({
  name: "QEMU_LD_PREFIX sets the directory of a program's loader, as with plain qemu",
  needs: NEEDS,
  fn: async () => {
    using world = worldFor(FOREIGN);
    world.bind(await dash(FOREIGN), "/usr/bin/dash-foreign");
    const { gnu, debian } = machine(FOREIGN);
    const library = await fetchPackage(`libc6-${debian}-cross`, "all");
    const start = (env: Record<string, string>) =>
      world.run(["dash-foreign", "-c", "echo it runs"], { env });
    assertEquals((await start({})).status, 127);
    const { stdout, stderr } = await start({ QEMU_LD_PREFIX: `${library}/usr/${gnu}` });
    assertEquals([stdout, stderr], ["it runs\n", ""]);
    assertEquals((await start({ QEMU_LD_PREFIX: "" })).status, 127);
  },
});

test({
  name: "an interpreter's args can set a variable for the program alone",
  needs: NEEDS,
  fn: async () => {
    using world = await worldWithBusybox();
    world.file(
      ADMIN_LAYER,
      '[interpreters.qemu]\nargs = ["-E", "A=in the program", "--", "{program}"]\n',
    );
    const { stdout } = await world.run(["busybox-foreign", "sh", "-c", 'echo "$A"']);
    assertEquals(stdout, "in the program\n");
  },
});
