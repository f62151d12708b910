import { assertEquals } from "@std/assert";
import { headline, programWords } from "../../lib/explain/headline.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { style } from "../../lib/style.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { report } from "./reports.ts";

const plain = style(new FakeEnvironment(), 1);

function text(name: string): string {
  return headline(report(name), plain).join(" ");
}

Deno.test("programWords() chooses the article by sound", () => {
  const names = MACHINES.map(({ name }) => name);
  assertEquals(names.filter((name) => programWords(name).startsWith("an ")), [
    ...["i386", "x86_64", "alpha", "arm", "armeb", "m68k"],
    ...["s390x", "aarch64", "aarch64_be", "or1k"],
  ]);
});

Deno.test("headline() says what the program is and what happens to it", () => {
  assertEquals(text("native"), "ls is an aarch64 program. The kernel runs it natively.");
  assertEquals(
    text("through-muvm"),
    "/run/game is an x86_64 program. FEX (/usr/bin/FEX) in muvm runs it.",
  );
  assertEquals(
    text("script"),
    "/bin/s is a script. The kernel starts /usr/bin/env for it. To explain that program: " +
      "binfmt-dispatcher explain /usr/bin/env",
  );
  assertEquals(
    text("not-registered"),
    "/games/game is an x86_64 program. FEX (/usr/bin/FEX) would run it, but the kernel does not " +
      "ask binfmt-dispatcher: see below. To check the installation: binfmt-dispatcher doctor",
  );
});

Deno.test("headline() says why a program cannot run, with its status and what to do", () => {
  assertEquals(
    text("picked-unknown"),
    "/games/game is an x86_64 program. It cannot run (status 126): BINFMT_DISPATCHER_INTERPRETER " +
      "names “fx”, which is not a configured interpreter. To list them: " +
      "binfmt-dispatcher config show",
  );
});
