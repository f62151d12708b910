import { assertEquals } from "@std/assert";
import { type CLibrary, cLibraryOf, namesWith } from "../../lib/elf/c_library.ts";
import { machine } from "./build_elf.ts";

Deno.test("cLibraryOf() recognises C libraries by the paths of their loaders", () => {
  const all: readonly (readonly [string, string | undefined, CLibrary])[] = [
    ["arm", "/lib/ld-linux-armhf.so.3", "glibc"],
    ["arm", "/lib/ld-linux.so.3", "armel"],
    ["armeb", "/lib/ld-linux.so.3", "other"],
    ["aarch64", undefined, "glibc"],
    ["aarch64", "/lib/ld-linux-aarch64.so.1", "glibc"],
    ["aarch64", "/nix/store/x-glibc-2.40/lib/ld-linux-aarch64.so.1", "other"],
    ["aarch64", "/lib/ld-musl-aarch64.so.1", "musl"],
    ["aarch64", "/system/bin/linker64", "other"],
    ["riscv64", "/lib/ld-linux-riscv64-lp64.so.1", "other"],
    ["i386", "/libexec/ld-elf.so.1", "other"],
  ];
  for (const [name, loader, library] of all) {
    assertEquals([name, loader, cLibraryOf(name, loader)], [name, loader, library]);
  }
});

Deno.test("namesWith() returns GNU's and Debian's names for a machine with a C library", () => {
  const names = (name: string, library: CLibrary) => {
    const { gnu, debian } = namesWith(machine(name), library);
    return [gnu, debian];
  };
  assertEquals(names("arm", "glibc"), ["arm-linux-gnueabihf", "armhf"]);
  assertEquals(names("arm", "armel"), ["arm-linux-gnueabi", "armel"]);
  assertEquals(names("arm", "musl"), ["arm-linux-musleabihf", undefined]);
  assertEquals(names("x86_64", "musl"), ["x86_64-linux-musl", undefined]);
  assertEquals(names("x86_64", "armel"), [undefined, undefined]);
  assertEquals(names("x86_64", "other"), [undefined, undefined]);
});
