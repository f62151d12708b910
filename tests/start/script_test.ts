import { assertEquals } from "@std/assert";
import { readScript } from "../../lib/start/script.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";

const read = (text: string) => readScript(new TextEncoder().encode(text));

Deno.test("readScript() gives the interpreter, and everything after it as one argument", () => {
  assertEquals(read("#!/bin/sh\necho"), { interpreter: "/bin/sh", argument: undefined });
  assertEquals(read("#! \t/usr/bin/env -S  a b \t\nx"), {
    interpreter: "/usr/bin/env",
    argument: "-S  a b",
  });
  assertEquals(read("#!/bin/sh"), { interpreter: "/bin/sh", argument: undefined });
  assertEquals(read("#!/bin/sh\0 x"), { interpreter: "/bin/sh", argument: undefined });
});

Deno.test("readScript() gives nothing for what the kernel would not start", () => {
  assertEquals(["", "#", "# !/bin/sh", "#!", "#! \n/bin/sh", "\x7fELF"].map(read), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(read(`#!/${"x".repeat(300)}\n`), undefined);
});

Deno.test("readScript() agrees with the kernel on the longest line", () =>
  inTemporaryDirectory(async (directory) => {
    const lines = [0, 200, 230, 240, 250, 300].map((n) => `${" ".repeat(n)}/bin/echo arg`);
    // In the last line the kernel cuts only what follows the path.
    for (const line of [...lines, `/bin/echo${" ".repeat(300)}`]) {
      const script = `${directory}/script`;
      const text = `#!${line}\n`;
      await Deno.writeTextFile(script, text, { mode: 0o755 });
      await Deno.chmod(script, 0o755);
      const parsed = read(text);
      const expected = parsed &&
        `${[parsed.argument, script].filter((word) => word !== undefined).join(" ")}\n`;
      let said: string | undefined;
      try {
        const { success, stdout } = await new Deno.Command(script).output();
        // After ENOEXEC Deno 2.9 gives the file to sh: a comment, which prints nothing.
        said = success && stdout.length > 0 ? new TextDecoder().decode(stdout) : undefined;
      } catch {
        said = undefined; // ENOEXEC
      }
      assertEquals(said, expected, line);
    }
  }));
