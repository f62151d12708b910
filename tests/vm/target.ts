import { exists } from "../../tasks/exists.ts";
import { shellQuote } from "../../lib/shell_quote.ts";
import { bundle } from "../../tasks/bundle.ts";
import { ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { stage } from "../../tasks/package/stage.ts";
import { permissionFlags } from "../../tasks/permissions.ts";
import { appImage } from "../app_image.ts";
import { fetchPackage } from "../debian_packages.ts";
import { reporter } from "../programs.ts";
import { Image } from "./image.ts";
import { addSystem, debian, TRIPLET } from "./system.ts";

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
  const kernel = await addSystem(image);
  await addEmulators(image);
  await addPrograms(image);
  await addAppImage(image);
  await addCompiler(image);
  await addDispatcher(image, directory);
  const initramfs = `${directory}/initramfs`;
  image.write(initramfs);
  return { kernel, initramfs };
}

/** Adds what interprets x86 programs. */
async function addEmulators(image: Image): Promise<void> {
  image.copy(`${await debian("box64")}/usr/bin/box64`, "/usr/bin/box64");
  for (const name of ["qemu-x86_64", "qemu-i386"]) {
    image.copy(`${await debian("qemu-user")}/usr/bin/${name}`, `/usr/bin/${name}`);
  }
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
    const libraries = `usr/lib/${TRIPLET}`;
    image.copy(`${await debian(name)}/${libraries}`, `/${libraries}`);
  }
  const fuse = await debian("fuse3");
  image.file("/usr/bin/fusermount", Deno.readFileSync(`${fuse}/usr/bin/fusermount3`), 0o4755);
  image.file("/etc/fuse.conf", "");
}

/** Adds the compiler, and a make for aarch64. */
async function addCompiler(image: Image): Promise<void> {
  const make = await debian("make");
  image.copy(`${make}/usr/bin/make`, "/usr/bin/make");
  const term = `?or(${COMPILER_PARTS.map((name) => `?exact-name(${name})`).join(", ")})`;
  const directory = await debian(COMPILER, "amd64", term);
  // A test makes the link /lib64, by which qemu finds the loader of dynamic programs.
  for (const path of ["bin", "lib", "lib64"]) {
    image.copy(`${directory}/usr/${path}`, `/usr/${path}`);
  }
}

/**
 * Adds the files of the package for aarch64. The program is a script for Deno, since it cannot be
 * compiled here.
 */
async function addDispatcher(image: Image, directory: string): Promise<void> {
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
