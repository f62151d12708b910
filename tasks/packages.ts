/** What demo and tests need besides Deno, as Debian names it. */

export interface Package {
  readonly name: string;
  /** A file of it: there, the package need not be installed. */
  readonly file: string;
  readonly why: string;
}

export const PACKAGES = {
  demo: [
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "the interpreter of foreign programs that is everywhere",
    },
  ],
  test: [
    {
      name: "qemu-user-static",
      file: "/usr/bin/qemu-aarch64-static",
      why: "runs foreign programs, and our own handler for aarch64",
    },
    { name: "binutils", file: "/usr/bin/as", why: "what our x86_64 code writer is compared with" },
    {
      name: "binutils-aarch64-linux-gnu",
      file: "/usr/bin/aarch64-linux-gnu-as",
      why: "what our aarch64 code writer is compared with",
    },
    { name: "gdb", file: "/usr/bin/gdb", why: "has to find the symbols of our handler" },
    { name: "strace", file: "/usr/bin/strace", why: "shows what a start opens and writes" },
    { name: "shellcheck", file: "/usr/bin/shellcheck", why: "checks our shell scripts" },
  ],
  bench: [
    { name: "gcc", file: "/usr/bin/gcc", why: "compiles the timer, tasks/bench/spawn_timer.c" },
    { name: "libc6-dev", file: "/usr/include/stdio.h", why: "the timer's C library" },
  ],
} satisfies Record<string, readonly Package[]>;
