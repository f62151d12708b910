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
    const folder = await Deno.makeTempDir();
    try {
      const image = new Image();
      for (const size of [0, 1, 2, 3, 4, 5]) {
        image.file(`/files/${"n".repeat(size + 1)}`, "x".repeat(size), 0o640);
      }
      image.folder("/deep/er", 0o700);
      image.link("/deep/link", "../files/n");
      image.copy(import.meta.dirname!, "/copied");
      image.write(`${folder}/archive`);
      const { success } = await new Deno.Command("qemu-aarch64-static", {
        args: [`${tools}/usr/bin/busybox`, "cpio", "-i", "-F", `${folder}/archive`],
        cwd: folder,
      }).output();
      assertEquals(success, true);
      for (const size of [0, 1, 2, 3, 4, 5]) {
        const path = `${folder}/files/${"n".repeat(size + 1)}`;
        assertEquals(await Deno.readTextFile(path), "x".repeat(size));
        assertEquals((await Deno.stat(path)).mode! & 0o7777, 0o640);
      }
      assertEquals((await Deno.stat(`${folder}/deep/er`)).mode! & 0o7777, 0o700);
      assertEquals(await Deno.readLink(`${folder}/deep/link`), "../files/n");
      const self = await Deno.readTextFile(`${folder}/copied/cpio_test.ts`);
      assertEquals(self, await Deno.readTextFile(import.meta.filename!));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
