import { assertEquals } from "@std/assert";
import { report } from "./reports.ts";

Deno.test("remedies() names packages for the managers present, or for all", () => {
  const { install } = report("nothing-installed");
  assertEquals(install.map(({ interpreter }) => interpreter), ["fex", "box64", "qemu"]);
  assertEquals(install[0]?.install, [{
    manager: "dnf",
    packages: ["fex-emu", "fex-emu-rootfs-fedora", "muvm"],
    optional: ["mesa-fex-emu-overlay-i386"],
  }]);
  assertEquals(install[2]?.install.map(({ manager }) => manager), ["dnf"]);
  const anywhere = report("no-manager-known").install;
  assertEquals(anywhere[2]?.install.map(({ manager }) => manager), ["apt", "dnf"]);
});

Deno.test("remedies() names muvm's packages only if muvm is missing", () => {
  const { install } = report("no-manager-known");
  assertEquals(install[0]?.install[0]?.packages.includes("muvm"), false);
});

Deno.test("remedies() fills in the machine's names", () => {
  const { install } = report("no-loader");
  assertEquals(install[0]?.install, [{
    manager: "apt",
    packages: ["qemu-user"],
    optional: ["libc6-riscv64-cross"],
  }]);
});
