import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { outputOf } from "../output_of.ts";
import { busybox } from "../real/foreign.ts";
import { lines, madeOnce, NEEDS, REGISTERED, shell } from "./page.ts";

test({
  name: "one handler serves the empty roots of two machines, and arch-test finds both",
  needs: [...NEEDS, "bubblewrap", "arch-test", "apt"],
  async fn() {
    const files = { busybox: await Deno.readFile(await busybox("aarch64")), "DIR/file": "" };
    const script = [REGISTERED, ...shell("Empty roots"), ...shell("Which machines run?")];
    assertEquals(await lines(script, files), [
      "aarch64",
      ...["amd64", "arm64", "i386", "riscv64"],
      ...["arm64: ok", "riscv64: ok"],
    ]);
  },
});

const MAKE = {
  "Makefile": "check: hello\n\t$(RUNNER) ./hello\n",
  "hello.c": `#include <stdio.h>
#include <sys/utsname.h>
int main(void) { struct utsname u; uname(&u); return puts(u.machine) < 0; }
`,
};

test({
  name: "make check runs foreign tests directly if registered, otherwise through a runner",
  needs: [...NEEDS, "gcc-riscv64"],
  async fn() {
    const [registered, runner] = shell("Tests with a foreign runner");
    const first = await lines([REGISTERED, registered!], MAKE);
    assertEquals(first.slice(-2), ["./hello", "riscv64"]);
    const second = await lines([runner!], MAKE);
    assertEquals(second.slice(-2), ["binfmt-dispatcher run ./hello", "riscv64"]);
  },
});

const CRATE = {
  "Cargo.toml": '[package]\nname = "crate"\nversion = "0.1.0"\nedition = "2021"\n',
  "src/lib.rs": `#[test]
fn machine() { assert_eq!(std::env::consts::ARCH, "aarch64"); }
`,
};

/** The directory with a cargo that can build for arm64. */
async function rust(): Promise<string> {
  const toolchains = `${await madeOnce("rust", fetchRust)}/toolchains`;
  const [toolchain] = [...Deno.readDirSync(toolchains)];
  return `${toolchains}/${toolchain!.name}/bin`;
}

async function fetchRust(path: string): Promise<void> {
  const target = ["--profile", "minimal", "--target", "aarch64-unknown-linux-musl"];
  const env = { RUSTUP_HOME: path };
  await outputOf(["rustup", "toolchain", "install", "stable", ...target], { env });
}

test({
  name: "cargo test runs foreign tests through a runner",
  needs: [...NEEDS, "rustup"],
  async fn() {
    const cargo = shell("Tests with a foreign runner")[2]!;
    const printed = await lines([cargo], CRATE, { PATH: `${await rust()}:/usr/bin:/bin` });
    assertEquals(printed.includes("test machine ... ok"), true, printed.join("\n"));
  },
});
