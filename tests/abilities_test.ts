import { assert, assertEquals } from "@std/assert";
import { inTemporaryDirectory } from "../tasks/temporary_directory.ts";
import { ability } from "./abilities.ts";

/** Runs a test file in which `test` is that of abilities.ts. */
function denoTest(source: string, ci: string, may_lack = "") {
  return inTemporaryDirectory(async (directory) => {
    const file = `${directory}/sample_test.ts`;
    const module = new URL("./abilities.ts", import.meta.url).href;
    await Deno.writeTextFile(file, `import { test } from "${module}";\n${source}`);
    const config = new URL("../deno.json", import.meta.url).pathname;
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--allow-all", "--no-check", "--no-lock", "--config", config, file],
      env: { CI: ci, CI_MAY_LACK: may_lack, NO_COLOR: "1", PATH: "/usr/bin:/bin" },
      stderr: "null",
    }).output();
    return { success, text: new TextDecoder().decode(stdout) };
  });
}

// No program is found in this PATH.
const NEEDS_TOO_MUCH = `
Deno.env.set("PATH", "/nowhere");
test({ name: "sample", needs: ["gdb", "fish"], fn() {} });
`;

Deno.test("test() skips a test whose abilities are missing, and the name lists them", async () => {
  const { success, text } = await denoTest(NEEDS_TOO_MUCH, "");
  assert(success, text);
  assert(text.includes("sample [SKIPPED: this machine lacks gdb, fish] ... ignored"), text);
});

Deno.test("with CI=true test() fails instead of skipping", async () => {
  const { success, text } = await denoTest(NEEDS_TOO_MUCH, "true");
  assert(!success, text);
  assert(text.includes("Cannot skip a test where CI=true: this machine lacks gdb, fish"), text);
});

Deno.test("with CI=true test() skips if CI_MAY_LACK names all missing abilities", async () => {
  const all = await denoTest(NEEDS_TOO_MUCH, "true", "fish,gdb,zsh");
  assert(all.success && all.text.includes("sample [SKIPPED"), all.text);
  const one = await denoTest(NEEDS_TOO_MUCH, "true", "gdb");
  assert(!one.success && one.text.includes("CI=true: this machine lacks fish"), one.text);
  const wrong = await denoTest(NEEDS_TOO_MUCH, "true", "gdb,fsh");
  assert(!wrong.success && wrong.text.includes("CI_MAY_LACK names no ability: fsh"), wrong.text);
});

Deno.test("test() runs a test whose needs are met", async () => {
  const source = `test({ name: "sample", needs: [], fn() { throw new Error("was run"); } });`;
  const { success, text } = await denoTest(source, "");
  assert(!success, text);
  assert(text.includes("was run"), text);
});

Deno.test("ability() is true for binfmt_misc if it can be mounted", () => {
  const mounted = new Deno.Command("unshare", {
    args: ["-Urm", "sh", "-c", "mount -t binfmt_misc none /proc/sys/fs/binfmt_misc"],
    stderr: "null",
  }).outputSync().success;
  assertEquals(ability("binfmt_misc"), mounted);
});
