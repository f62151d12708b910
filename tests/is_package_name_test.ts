import { assert } from "@std/assert";
import { isPackageName } from "../lib/is_package_name.ts";

Deno.test("isPackageName() accepts the distributions' package names", () => {
  const names = "fex-emu FEX-Emu libstdc++6 g++ libc6-amd64-cross python3.11 libc6:i386 " +
    "qemu-user-static-x86 glibc.i686 mesa_x @x86-emulation 7zip";
  for (const name of names.split(" ")) assert(isPackageName(name), name);
});

Deno.test("isPackageName() rejects options, paths, patterns, removals and files", () => {
  const words = "-y --root=/ /tmp/x.rpm ./x.deb x/y a,b a=1 a* a? [a] ~a !a +a @ @-x box64- " +
    "evil.rpm é a;b $a http://x a{b} ^a a^";
  for (const text of ["", "a b", "a\n", "a\0", ...words.split(" ")]) {
    assert(!isPackageName(text), JSON.stringify(text));
  }
});
