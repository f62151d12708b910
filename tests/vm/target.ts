import { exists } from "../../tasks/exists.ts";
import { shellQuote } from "../../lib/shell_quote.ts";
import { bundle } from "../../tasks/bundle.ts";
import { ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { stage } from "../../tasks/package/stage.ts";
import { permissionFlags } from "../../tasks/permissions.ts";
import { appImage } from "../app_image.ts";
import { fetchPackage } from "../debian_packages.ts";
import { reporter } from "../programs.ts";
import { denoForAarch64 } from "./deno_for_aarch64.ts";
import { Image } from "./image.ts";

/** The Debian release whose arm64 has box64 and a kernel with pages of 16 KiB. */
const SUITE = "trixie";
const KERNEL = "linux-image-arm64-16k";

/** The directory of the program, which is one JavaScript file, and of Deno's own files. */
const LIBRARY = "/usr/lib/binfmt-dispatcher";
export const DENO_DIR = `${LIBRARY}/deno`;

/** x86 programs: Debian's dash and busybox, and one that reports its arguments. */
export const PROGRAMS = "/opt/x86";

/** An x86_64 AppImage: GNU's echo. */
export const ECHO = "echo.AppImage";

/** An x86_64 C compiler with its preprocessor, assembler and linker, and what they need. */
const COMPILER = "pcc";
const COMPILER_PARTS = [
  ...[COMPILER, "libpcc-dev", "libc6", "libc6-dev", "binutils-x86-64-linux-gnu", "libbinutils"],
  ...["libctf0", "libsframe1", "libjansson4", "libzstd1", "zlib1g"],
];

/** Files that a test adds later: an emulator that reports, and a stand-in for muvm. */
export const STAND_INS = "/opt/stand-ins";

/** The kernel and the initramfs of the target machine, in a directory. */
export async function buildTarget(
  directory: string,
): Promise<{ kernel: string; initramfs: string }> {
  const image = new Image();
  for (const path of ["/dev", "/proc", "/sys", "/run", "/tmp", "/home", "/root", "/etc", "/var"]) {
    image.directory(path);
  }
  for (const name of ["bin", "sbin"]) image.link(`/${name}`, "usr/bin");
  image.link("/lib", "usr/lib");
  const kernel = await addSystem(image);
  await addPrograms(image);
  await addAppImage(image);
  await addCompiler(image);
  await addDispatcher(image, directory);
  const initramfs = `${directory}/initramfs`;
  image.write(initramfs);
  return { kernel, initramfs };
}

/** Adds Debian's kernel, C library, tools and emulators; returns the kernel's path. */
async function addSystem(image: Image): Promise<string> {
  const fetch = (name: string) => fetchPackage(name, "arm64", { suite: SUITE });
  const term = `?reverse-depends(?exact-name(${KERNEL}))`;
  const linux = await fetchPackage(KERNEL, "arm64", { suite: SUITE, term });
  const [release] = [...Deno.readDirSync(`${linux}/usr/lib/modules`)];
  const module = "kernel/fs/binfmt_misc.ko.xz";
  const modules = `${linux}/usr/lib/modules/${release?.name}`;
  image.copy(`${modules}/${module}`, "/usr/lib/modules/binfmt_misc.ko.xz");
  const libc = `${await fetch("libc6")}/usr/lib`;
  const libraries = "aarch64-linux-gnu";
  for (const { name, isDirectory } of Deno.readDirSync(`${libc}/${libraries}`)) {
    if (!isDirectory) image.copy(`${libc}/${libraries}/${name}`, `/usr/lib/${libraries}/${name}`);
  }
  image.copy(`${libc}/ld-linux-aarch64.so.1`, "/usr/lib/ld-linux-aarch64.so.1");
  const gcc = "libgcc_s.so.1"; // Deno's
  image.copy(
    `${await fetch("libgcc-s1")}/usr/lib/${libraries}/${gcc}`,
    `/usr/lib/${libraries}/${gcc}`,
  );
  const qemu = await fetch("qemu-user");
  for (
    const [from, name] of [
      [await fetch("busybox-static"), "busybox"],
      [await fetch("coreutils"), "env"], // busybox's has no -C
      [await fetch("box64"), "box64"],
      [qemu, "qemu-x86_64"],
      [qemu, "qemu-i386"],
    ] as const
  ) image.copy(`${from}/usr/bin/${name}`, `/usr/bin/${name}`);
  image.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
  image.file("/etc/group", "root:x:0:\nuser:x:1000:\n");
  image.file("/init", Deno.readFileSync(new URL("init", import.meta.url)), 0o755);
  return `${linux}/boot/vmlinuz-${release?.name}`;
}

/** Adds the x86 programs and the stand-ins. */
async function addPrograms(image: Image): Promise<void> {
  for (
    const [name, arch, path, as] of [
      ["dash", "amd64", "bin/dash", "dynamic"],
      ["busybox-static", "amd64", "bin/busybox", "busybox-static"],
      ["busybox-static", "i386", "bin/busybox", "busybox-i386"],
    ] as const
  ) {
    const directory = await fetchPackage(name, arch);
    const merged = `${directory}/usr/${path}`; // as newer releases have it
    const [source] = [`${directory}/${path}`, merged].filter(exists);
    image.copy(source ?? merged, `${PROGRAMS}/${as}`);
  }
  image.file(`${PROGRAMS}/reporter`, reporter("x86_64"), 0o755);
  image.file(`${STAND_INS}/FEX`, reporter("aarch64"), 0o755);
  image.copy(new URL("muvm", import.meta.url).pathname, `${STAND_INS}/muvm`);
}

/** Adds an AppImage, and what it needs to mount its contents when box64 runs it. */
async function addAppImage(image: Image): Promise<void> {
  image.copy(await appImage("Echo-x86_64"), `${PROGRAMS}/${ECHO}`);
  for (const name of ["zlib1g", "libfuse2t64"]) {
    const libraries = "usr/lib/aarch64-linux-gnu";
    image.copy(
      `${await fetchPackage(name, "arm64", { suite: SUITE })}/${libraries}`,
      `/${libraries}`,
    );
  }
  const fuse = await fetchPackage("fuse3", "arm64", { suite: SUITE });
  image.file("/usr/bin/fusermount", Deno.readFileSync(`${fuse}/usr/bin/fusermount3`), 0o4755);
  image.file("/etc/fuse.conf", "");
}

/** Adds the compiler, and a make for aarch64. */
async function addCompiler(image: Image): Promise<void> {
  const make = await fetchPackage("make", "arm64", { suite: SUITE });
  image.copy(`${make}/usr/bin/make`, "/usr/bin/make");
  const term = `?or(${COMPILER_PARTS.map((name) => `?exact-name(${name})`).join(", ")})`;
  const directory = await fetchPackage(COMPILER, "amd64", { suite: SUITE, term });
  // A test makes the link /lib64, by which qemu finds the loader of dynamic programs.
  for (const path of ["bin", "lib", "lib64"]) {
    image.copy(`${directory}/usr/${path}`, `/usr/${path}`);
  }
}

/**
 * Adds the files of the package for aarch64, and Deno. The program is a script, since it cannot be
 * compiled here.
 */
async function addDispatcher(image: Image, directory: string): Promise<void> {
  image.copy(await denoForAarch64(), "/usr/bin/deno");
  const fault = await bundle(`${directory}/main.js`);
  if (fault !== undefined) throw new Error(fault);
  image.copy(`${directory}/main.js`, `${LIBRARY}/main.js`);
  image.directory(DENO_DIR);
  const flags = ["--quiet", "--no-config", "--no-lock", "--no-remote", "--no-npm"];
  const command = ["/usr/bin/deno", "run", ...flags, ...permissionFlags(), `${LIBRARY}/main.js`];
  const script = [
    "#!/bin/sh",
    `export DENO_DIR=${DENO_DIR} DENO_NO_UPDATE_CHECK=1`,
    `exec ${command.map(shellQuote).join(" ")} "$@"`,
  ];
  const program = `${directory}/program`;
  Deno.writeTextFileSync(program, `${script.join("\n")}\n`);
  const architecture = ARCHITECTURES.find(({ machine }) => machine === "aarch64")!;
  await stage(architecture, { directory: `${directory}/stage`, program, date: new Date(0) });
  image.copy(`${directory}/stage/usr`, "/usr");
  image.copy(`${directory}/stage/scripts/after-install`, "/usr/lib/after-install");
}
