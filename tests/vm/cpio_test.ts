import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { Image } from "./image.ts";

test({
  name: "a real cpio unpacks an image",
  needs: ["qemu-user-static", "apt"],
  async fn() {
    const suite = "trixie"; // as in the machine
    const tools = await fetchPackage("busybox-static", "arm64", { suite });
    const directory = await Deno.makeTempDir();
    try {
      const image = new Image();
      for (const size of [0, 1, 2, 3, 4, 5]) {
        image.file(`/files/${"n".repeat(size + 1)}`, "x".repeat(size), 0o640);
      }
      image.directory("/deep/er", 0o700);
      image.link("/deep/link", "../files/n");
      image.copy(import.meta.dirname!, "/copied");
      image.write(`${directory}/archive`);
      const { success } = await new Deno.Command("qemu-aarch64-static", {
        args: [`${tools}/usr/bin/busybox`, "cpio", "-i", "-F", `${directory}/archive`],
        cwd: directory,
      }).output();
      assertEquals(success, true);
      for (const size of [0, 1, 2, 3, 4, 5]) {
        const path = `${directory}/files/${"n".repeat(size + 1)}`;
        assertEquals(await Deno.readTextFile(path), "x".repeat(size));
        assertEquals((await Deno.stat(path)).mode! & 0o7777, 0o640);
      }
      assertEquals((await Deno.stat(`${directory}/deep/er`)).mode! & 0o7777, 0o700);
      assertEquals(await Deno.readLink(`${directory}/deep/link`), "../files/n");
      const self = await Deno.readTextFile(`${directory}/copied/cpio_test.ts`);
      assertEquals(self, await Deno.readTextFile(import.meta.filename!));
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
