import { assertEquals } from "@std/assert";
import { cLibraryOf } from "../../lib/elf/c_library.ts";
import { namedPackages } from "../../lib/install/named_packages.ts";
import { targetNamed } from "../../lib/routes/targets.ts";
import { configOf } from "../config/load_config.ts";

const CONFIG = configOf(`
[interpreters.fex]
path = "/usr/bin/FEX"
packages = { dnf = ["fex", "{machine}-overlay?"], apt = "fex-{debian}" }
[muvm.packages]
dnf = ["muvm", "fex"]
`);

function packages(target: string, keys: readonly string[], throughMuvm = false) {
  return namedPackages(CONFIG, "fex", targetNamed(CONFIG, target), keys, throughMuvm);
}

Deno.test("namedPackages() replaces placeholders, and says which packages are optional", () => {
  assertEquals(packages("x86_64", ["dnf"]), {
    packages: ["fex"],
    optional: ["x86_64-overlay"],
  });
  assertEquals(packages("x86_64", ["apt"]), { packages: ["fex-amd64"], optional: [] });
});

Deno.test("namedPackages() leaves out packages without a word for the machine", () => {
  assertEquals(packages("hexagon", ["apt"]), { packages: [], optional: [] });
});

Deno.test("namedPackages() takes the first key that exists", () => {
  assertEquals(packages("x86_64", ["rpm-ostree", "dnf"]).packages, ["fex"]);
  assertEquals(packages("x86_64", ["pacman"]).packages, []);
});

Deno.test("namedPackages() adds muvm's packages for a candidate through muvm, each once", () => {
  assertEquals(packages("x86_64", ["dnf"], true).packages, ["fex", "muvm"]);
});

Deno.test("namedPackages() returns nothing for an unknown interpreter or machine", () => {
  const none = { packages: [], optional: [] };
  assertEquals(packages("vax", ["dnf"]), none);
  const target = targetNamed(CONFIG, "x86_64");
  assertEquals(namedPackages(CONFIG, "nobody", target, ["dnf"], false), none);
});

Deno.test("namedPackages() names the C library of the program's own loader", () => {
  const config = configOf(
    '[interpreters.emu]\npath = "/usr/bin/emu"\n' +
      'packages = { apt = ["emu", "libc6-{debian}-cross?"] }',
  );
  const optional = (machine: string, loader: string) => {
    const target = targetNamed(config, machine);
    const library = cLibraryOf(machine, loader);
    return namedPackages(config, "emu", target, ["apt"], false, library).optional;
  };
  assertEquals(optional("arm", "/lib/ld-linux-armhf.so.3"), ["libc6-armhf-cross"]);
  assertEquals(optional("arm", "/lib/ld-linux.so.3"), ["libc6-armel-cross"]);
  assertEquals(optional("arm", "/lib/ld-musl-armhf.so.1"), []);
  assertEquals(optional("aarch64", "/system/bin/linker64"), []);
});
