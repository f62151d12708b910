import { assertEquals } from "@std/assert";
import { report } from "./reports.ts";

const hint = (name: string) => report(name).outcome.hint;

Deno.test("hintFor() says where an interpreter that is itself foreign is set", () => {
  assertEquals(
    hint("foreign"),
    "Install another one; /usr/lib/binfmt-dispatcher.d/00-default.toml:14 sets " +
      "interpreters.fex.path.",
  );
});

Deno.test("hintFor() says where to set an interpreter, or where one was replaced", () => {
  assertEquals(
    hint("nothing-configured"),
    "Set one in /etc/binfmt-dispatcher.toml: machines.x86_64.interpreter = …",
  );
  assertEquals(
    hint("path-narrowed")?.split(" by ")[0],
    "/etc/binfmt-dispatcher.toml:3: interpreters.qemu.path replaces a path with {machine}",
  );
});

Deno.test("hintFor() names no command that works only on this system", () => {
  assertEquals(hint("another-system"), undefined);
});

Deno.test("hintFor() leaves every other hint as it is", () => {
  assertEquals(
    hint("nothing-installed"),
    "Install what is missing: binfmt-dispatcher install /games/game",
  );
  assertEquals(hint("damaged"), "The file is damaged: get the program again.");
  assertEquals(hint("static"), undefined);
});

Deno.test("withDoctor() names doctor if the kernel does not ask the handler", () => {
  const check = "To check the installation: binfmt-dispatcher doctor";
  const lacking = ["not-mounted", "not-registered", "switched-off", "disabled", "newer-entry"];
  for (const name of [...lacking, "another-interpreter", "no-handler", "interpreter-gone"]) {
    assertEquals([name, hint(name)], [name, check]);
  }
  for (const name of ["first-candidate", "native", "native-taken", "script", "another-system"]) {
    assertEquals([name, hint(name)], [name, undefined]);
  }
});
