import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { appImage } from "../app_image.ts";
import { fetchPackage } from "../debian_packages.ts";
import { addLibrary, busybox, dash, FOREIGN, NEEDS, worldFor } from "./foreign.ts";

/** The machine that uname prints, if it differs: it shows which emulator ran. */
const UNAME: Record<string, string> = { i386: "i686" };

/** x86_64 hosts run i386 programs natively; there a user has to choose an emulator. */
const DEBIANS = [FOREIGN, "s390x", "i386"];

for (const name of DEBIANS) {
  test({
    name: `a static ${name} program runs: its output, argv[0] and status are right`,
    needs: NEEDS,
    fn: async () => {
      using world = worldFor(name);
      world.bind(await busybox(name), "/usr/lib/foreign/busybox");
      // busybox goes by argv[0].
      for (const applet of ["uname", "sh", "expr"]) {
        world.link(`/usr/bin/foreign-${applet}`, `/usr/lib/foreign/${applet}`);
        world.link(`/usr/lib/foreign/${applet}`, "busybox");
      }
      const run = async (...argv: string[]) => {
        const { status, stdout, stderr } = await world.run(argv);
        return { status, said: stdout + stderr };
      };
      assertEquals(await run("/usr/lib/foreign/uname", "-m"), {
        status: 0,
        said: `${UNAME[name] ?? name}\n`,
      });
      assertEquals(await run("/usr/lib/foreign/expr", "6", "*", "7"), { status: 0, said: "42\n" });
      assertEquals(await run("/usr/lib/foreign/sh", "-c", 'echo "$0, $1"; exit 7', "zero", "one"), {
        status: 7,
        said: "zero, one\n",
      });
    },
  });

  test({
    name: `a dynamic ${name} program finds its loader below /usr/GNU-TRIPLET and runs`,
    needs: NEEDS,
    fn: async () => {
      using world = worldFor(name);
      await addLibrary(world, name);
      world.bind(await dash(name), "/usr/bin/foreign-dash");
      // Its $0 is argv[0] if no script is given.
      const { status, stdout, stderr } = await world.run(
        ["bash", "-c", 'exec -a "my name" foreign-dash -s one ""'],
        { stdin: 'echo "$0: $# arguments, $1"; exit 9\n' },
      );
      assertEquals({ status, stdout, stderr }, {
        status: 9,
        stdout: "my name: 2 arguments, one\n",
        stderr: "",
      });
    },
  });
}

test({
  name: "an arm program whose loader is /lib/ld-linux.so.3 runs with armel's C library",
  needs: NEEDS,
  fn: async () => {
    using world = worldFor("arm");
    const library = await fetchPackage("libc6-armel-cross", "all");
    world.link("/usr/arm-linux-gnueabi", `${library}/usr/arm-linux-gnueabi`);
    world.bind(`${await fetchPackage("dash", "armel")}/bin/dash`, "/usr/bin/foreign-dash");
    const { status, stdout, stderr } = await world.run(["foreign-dash", "-c", "echo $0; exit 9"]);
    assertEquals({ status, stdout, stderr }, { status: 9, stdout: "foreign-dash\n", stderr: "" });
    const explained = await world.run(["binfmt-dispatcher", "explain", "/usr/bin/foreign-dash"]);
    assert(explained.stdout.includes("-L /usr/arm-linux-gnueabi "), explained.stdout);
  },
});

test({
  name: "an i386 AppImage, which has its own magic in ELF's padding, unpacks itself",
  needs: NEEDS,
  fn: async () => {
    using world = worldFor("i386");
    await addLibrary(world, "i386");
    const program = await appImage("appimaged-i686");
    assertEquals([...Deno.readFileSync(program).subarray(8, 11)], [0x41, 0x49, 2]); // "AI", type 2
    world.bind(program, "/usr/bin/appimaged");
    const zlib = await fetchPackage("zlib1g", "i386");
    const libraries = ["lib", "usr/lib"].map((path) => `${zlib}/${path}/i386-linux-gnu`);
    const env = { PATH: "/usr/bin", LD_LIBRARY_PATH: libraries.join(":") };
    const argv = ["appimaged", "--appimage-extract"];
    const { status, stdout, stderr } = await world.run(argv, { cwd: "/run", env });
    assertEquals([status, stdout], [0, ""], stderr);
    const unpacked = Deno.readTextFileSync(world.outside("/run/squashfs-root/AppRun"));
    assert(unpacked.startsWith("#!/bin/sh\n"), unpacked);
  },
});

/** Debian 12 has a compiler for riscv64, but no programs. */
const SOURCE = String.raw`
#include <stdio.h>
#include <sys/utsname.h>
int main(int argc, char **argv) {
  struct utsname system;
  uname(&system);
  printf("%s, compiled for %d bits\n", system.machine, __riscv_xlen);
  for (int i = 0; i < argc; i++) printf("[%s]\n", argv[i]);
  return argc + 20;
}
`;

for (const linkage of ["static", "dynamic"]) {
  test({
    name: `a ${linkage} riscv64 program runs: its output, argv[0] and status are right`,
    needs: [...NEEDS, "gcc-riscv64"],
    fn: async () => {
      using world = worldFor("riscv64");
      world.file("/usr/share/program.c", SOURCE);
      const output = world.outside("/usr/share/program");
      const compiled = await new Deno.Command("riscv64-linux-gnu-gcc", {
        args: ["-o", output, `-${linkage}`, world.outside("/usr/share/program.c")]
          .filter((arg) => arg !== "-dynamic"),
      }).output();
      assertEquals(new TextDecoder().decode(compiled.stderr), "");
      if (linkage === "dynamic") await addLibrary(world, "riscv64");
      const { status, stdout, stderr } = await world.run([
        "bash",
        "-c",
        'exec -a name /usr/share/program one "" three',
      ]);
      assertEquals({ status, stdout, stderr }, {
        status: 24,
        stdout: "riscv64, compiled for 64 bits\n[name]\n[one]\n[]\n[three]\n",
        stderr: "",
      });
    },
  });
}
