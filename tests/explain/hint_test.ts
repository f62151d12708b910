import { assertEquals } from "@std/assert";
import { report } from "./reports.ts";

const hint = async (name: string) => (await report(name)).outcome.hint;

Deno.test("hintFor() names the place of an interpreter that is itself foreign", async () => {
  assertEquals(
    await hint("foreign"),
    "Install another one; /usr/lib/binfmt-dispatcher.d/00-default.toml:14 sets " +
      "interpreters.fex.path.",
  );
});

Deno.test("hintFor() names the place to set an interpreter at, or where one was lost", async () => {
  assertEquals(
    await hint("nothing-configured"),
    "Set one in /etc/binfmt-dispatcher.toml: machines.x86_64.interpreter = …",
  );
  assertEquals(
    (await hint("path-narrowed"))?.split(" by ")[0],
    "/etc/binfmt-dispatcher.toml:3: interpreters.qemu.path replaces a path with {machine}",
  );
});

Deno.test("hintFor() names no command that only works on this system", async () => {
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

Deno.test("withDoctor() names doctor where the kernel does not ask the handler", async () => {
  const check = "To check the installation: binfmt-dispatcher doctor";
  const lacking = ["not-mounted", "not-registered", "switched-off", "disabled", "newer-entry"];
  for (const name of [...lacking, "another-interpreter", "no-handler", "interpreter-gone"]) {
    assertEquals([name, await hint(name)], [name, check]);
  }
  for (const name of ["first-candidate", "native", "native-taken", "script", "another-system"]) {
    assertEquals([name, await hint(name)], [name, undefined]);
  }
});
