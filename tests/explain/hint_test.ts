import { assertEquals } from "@std/assert";
import { report } from "./reports.ts";

const hint = async (name: string) => (await report(name)).outcome.hint;

Deno.test("hintFor() says where an interpreter that is itself foreign is set", async () => {
  assertEquals(
    await hint("foreign"),
    "Install another one; /usr/lib/binfmt-dispatcher.d/00-default.toml:14 sets " +
      "interpreters.fex.path.",
  );
});

Deno.test("hintFor() says where to set an interpreter, or where one was replaced", async () => {
  assertEquals(
    await hint("nothing-configured"),
    "Set one in /etc/binfmt-dispatcher.toml: machines.x86_64.interpreter = …",
  );
  assertEquals(
    (await hint("path-narrowed"))?.split(" by ")[0],
    "/etc/binfmt-dispatcher.toml:3: interpreters.qemu.path replaces a path with {machine}",
  );
});

Deno.test("hintFor() names no command that works only on this system", async () => {
  assertEquals(await hint("another-system"), undefined);
});

Deno.test("hintFor() leaves every other hint as it is", async () => {
  assertEquals(
    await hint("nothing-installed"),
    "Install what is missing: binfmt-dispatcher install /games/game",
  );
  assertEquals(await hint("damaged"), "The file is damaged: get the program again.");
  assertEquals(await hint("static"), undefined);
});

Deno.test("withDoctor() names doctor if the kernel does not ask the handler", async () => {
  const check = "To check the installation: binfmt-dispatcher doctor";
  const lacking = ["not-mounted", "not-registered", "switched-off", "disabled", "newer-entry"];
  for (const name of [...lacking, "another-interpreter", "no-handler", "interpreter-gone"]) {
    assertEquals([name, await hint(name)], [name, check]);
  }
  for (const name of ["first-candidate", "native", "native-taken", "script", "another-system"]) {
    assertEquals([name, await hint(name)], [name, undefined]);
  }
});
