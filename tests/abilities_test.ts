import { assert, assertEquals } from "@std/assert";
import { ability } from "./abilities.ts";

async function denoTest(source: string, ci: string) {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/sample_test.ts`;
    const module = new URL("./abilities.ts", import.meta.url).href;
    await Deno.writeTextFile(file, `import { test } from "${module}";\n${source}`);
    const config = new URL("../deno.json", import.meta.url).pathname;
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--allow-all", "--no-check", "--no-lock", "--config", config, file],
      env: { CI: ci, NO_COLOR: "1", PATH: "/usr/bin:/bin" },
      stderr: "null",
    }).output();
    return { success, text: new TextDecoder().decode(stdout) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

// Nothing is found on such a PATH.
const NEEDS_TOO_MUCH = `
Deno.env.set("PATH", "/nowhere");
test({ name: "sample", needs: ["gdb"], fn() {} });
`;

Deno.test("test() skips where an ability is missing, and the name says which", async () => {
  const { success, text } = await denoTest(NEEDS_TOO_MUCH, "");
  assert(success, text);
  assert(text.includes("sample [SKIPPED: this machine lacks gdb] ... ignored"), text);
});

Deno.test("test() fails instead of skipping where CI=true", async () => {
  const { success, text } = await denoTest(NEEDS_TOO_MUCH, "true");
  assert(!success, text);
  assert(text.includes("Cannot skip a test where CI=true: this machine lacks gdb"), text);
});

Deno.test("test() runs a test whose needs are met", async () => {
  const source = `test({ name: "sample", needs: [], fn() { throw new Error("was run"); } });`;
  const { success, text } = await denoTest(source, "");
  assert(!success, text);
  assert(text.includes("was run"), text);
});

Deno.test("ability() tries the thing itself", () => {
  const mounted = new Deno.Command("unshare", {
    args: ["-Urm", "sh", "-c", "mount -t binfmt_misc none /proc/sys/fs/binfmt_misc"],
    stderr: "null",
  }).outputSync().success;
  assertEquals(ability("binfmt_misc"), mounted);
});
