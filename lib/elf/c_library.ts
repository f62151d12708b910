/** Which C library a program needs, by its loader (PT_INTERP). */

/** armel is glibc for arm without hardware floating point. */
export const C_LIBRARIES = ["glibc", "armel", "musl", "other"] as const;
export type CLibrary = typeof C_LIBRARIES[number];

/** glibc's loaders by machine, as in Debian: https://sourceware.org/glibc/wiki/ABIList */
const GLIBC: Readonly<Record<string, string>> = {
  i386: "/lib/ld-linux.so.2",
  x86_64: "/lib64/ld-linux-x86-64.so.2",
  alpha: "/lib/ld-linux.so.2",
  arm: "/lib/ld-linux-armhf.so.3",
  sparc64: "/lib64/ld-linux.so.2",
  ppc: "/lib/ld.so.1",
  ppc64: "/lib64/ld64.so.1",
  ppc64le: "/lib64/ld64.so.2",
  m68k: "/lib/ld.so.1",
  mips: "/lib/ld.so.1",
  mipsel: "/lib/ld.so.1",
  mipsn32: "/lib32/ld.so.1",
  mipsn32el: "/lib32/ld.so.1",
  mips64: "/lib64/ld.so.1",
  mips64el: "/lib64/ld.so.1",
  sh4: "/lib/ld-linux.so.2",
  s390x: "/lib/ld64.so.1",
  aarch64: "/lib/ld-linux-aarch64.so.1",
  hppa: "/lib/ld.so.1",
  riscv64: "/lib/ld-linux-riscv64-lp64d.so.1",
  loongarch64: "/lib64/ld-linux-loongarch-lp64d.so.1",
};

/** glibc's loader for the machine, if known. */
export function usualLoader(machine: string): string | undefined {
  return GLIBC[machine];
}

/** A static program works with any. Android's and unknown loaders are “other”. */
export function cLibraryOf(machine: string, loader: string | undefined): CLibrary {
  if (loader === undefined || loader === GLIBC[machine]) return "glibc";
  if (machine === "arm" && loader === "/lib/ld-linux.so.3") return "armel";
  return /^\/lib\/ld-musl-[a-z0-9_]+(-sf)?\.so\.1$/.test(loader) ? "musl" : "other";
}

/** A loader from which cLibraryOf() tells the C library; undefined for glibc. */
export function loaderOf(library: CLibrary): string | undefined {
  switch (library) {
    case "glibc":
      return undefined;
    case "armel":
      return "/lib/ld-linux.so.3";
    case "musl":
      return "/lib/ld-musl-any.so.1";
    case "other":
      return "/other/loader";
  }
}

interface Names {
  readonly name: string;
  readonly gnu: string | undefined;
  readonly debian: string | undefined;
}

/** The machine with its GNU and Debian names for this C library. */
export function namesWith<T extends Names>(machine: T, library: CLibrary): T {
  if (library === "glibc") return machine;
  if (library === "armel" && machine.name === "arm") {
    return { ...machine, gnu: "arm-linux-gnueabi", debian: "armel" };
  }
  const gnu = library === "musl" ? machine.gnu?.replace(/-gnu(?=[a-z0-9]*$)/, "-musl") : undefined;
  return { ...machine, gnu, debian: undefined };
}
