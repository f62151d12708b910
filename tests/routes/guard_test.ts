import { assertEquals } from "@std/assert";
import { IN_GUEST, needsGuard } from "../../lib/routes/guard.ts";

function run(...args: string[]) {
  const [shell, ...words] = IN_GUEST;
  const { code, stdout } = new Deno.Command(shell, { args: [...words, ...args] }).outputSync();
  return { code, said: new TextDecoder().decode(stdout) };
}

Deno.test("IN_GUEST gives the command its arguments without their guards", () => {
  const guarded = (args: readonly string[]) => args.map((arg) => needsGuard(arg) ? `=${arg}` : arg);
  for (
    const args of [
      ["-h"],
      ["a b", "", "--help", "=", "==", "=-h", "*", "\n", "-h", "\\", "a =b"],
      ["", "a =b", "$(x)", "'", "-e", "--"],
    ]
  ) {
    const { said, code } = run("/usr/bin/printf", "[%s]", ...guarded(args));
    assertEquals(said, args.map((arg) => `[${arg}]`).join(""));
    assertEquals(code, 0);
  }
});

Deno.test("IN_GUEST ends as the command does, also as a signal ends it", () => {
  assertEquals(run("/bin/sh", "-c", "exit 7").code, 7);
  assertEquals(run("/bin/sh", "-c", "kill -KILL $$").code, 128 + 9);
  assertEquals(run("/bin/sh", "-c", 'kill -TERM $$; echo "$@"', "sh", "=-h").code, 128 + 15);
});

Deno.test("needsGuard() tells what muvm refuses, and what looks guarded", () => {
  const words = ["-h", "--help", "=", "=x", "-hh", "--help=x", "h", "", " -h"];
  assertEquals(words.filter(needsGuard), ["-h", "--help", "=", "=x"]);
});
