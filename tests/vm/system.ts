/** A small Debian for the aarch64 machine. */
import { fetchPackage } from "../debian_packages.ts";
import { denoForAarch64 } from "./deno_for_aarch64.ts";
import type { Image } from "./image.ts";

/** The Debian release whose arm64 has box64 and a kernel with pages of 16 KiB. */
const SUITE = "trixie";
const KERNEL = "linux-image-arm64-16k";

/** The directory's name of libraries. */
export const TRIPLET = "aarch64-linux-gnu";

/** The directory of a package of the machine's Debian. */
export function debian(name: string, arch = "arm64", term = name): Promise<string> {
  return fetchPackage(name, arch, { suite: SUITE, term });
}

/** Adds Debian's kernel, C library and tools, and Deno; returns the kernel's path. */
export async function addSystem(image: Image): Promise<string> {
  for (const path of ["/dev", "/proc", "/sys", "/run", "/tmp", "/home", "/root", "/etc", "/var"]) {
    image.directory(path);
  }
  for (const name of ["bin", "sbin"]) image.link(`/${name}`, "usr/bin");
  image.link("/lib", "usr/lib");
  const linux = await debian(KERNEL, "arm64", `?reverse-depends(?exact-name(${KERNEL}))`);
  const [release] = [...Deno.readDirSync(`${linux}/usr/lib/modules`)];
  const module = "kernel/fs/binfmt_misc.ko.xz";
  const modules = `${linux}/usr/lib/modules/${release?.name}`;
  image.copy(`${modules}/${module}`, "/usr/lib/modules/binfmt_misc.ko.xz");
  const libc = `${await debian("libc6")}/usr/lib`;
  for (const { name, isDirectory } of Deno.readDirSync(`${libc}/${TRIPLET}`)) {
    if (!isDirectory) image.copy(`${libc}/${TRIPLET}/${name}`, `/usr/lib/${TRIPLET}/${name}`);
  }
  image.copy(`${libc}/ld-linux-aarch64.so.1`, "/usr/lib/ld-linux-aarch64.so.1");
  const gcc = "libgcc_s.so.1"; // Deno's
  image.copy(
    `${await debian("libgcc-s1")}/usr/lib/${TRIPLET}/${gcc}`,
    `/usr/lib/${TRIPLET}/${gcc}`,
  );
  image.copy(`${await debian("busybox-static")}/usr/bin/busybox`, "/usr/bin/busybox");
  image.copy(`${await debian("coreutils")}/usr/bin/env`, "/usr/bin/env"); // busybox's has no -C
  image.copy(await denoForAarch64(), "/usr/bin/deno");
  image.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
  image.file("/etc/group", "root:x:0:\nuser:x:1000:\n");
  image.file("/init", Deno.readFileSync(new URL("init", import.meta.url)), 0o755);
  return `${linux}/boot/vmlinuz-${release?.name}`;
}
