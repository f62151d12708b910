import { assertEquals } from "@std/assert";

const OUTPUT = JSON.stringify(new URL("../lib/output.ts", import.meta.url).href);

/** Runs a shell command in which `"$@"` is a program that writes with output(). */
async function shell(program: string, command: string): Promise<string> {
  const code = `import { output } from ${OUTPUT};\n${program}`;
  const child = new Deno.Command("sh", {
    args: ["-c", command, "sh", Deno.execPath(), "eval", "--quiet", code],
    env: { DENO_NO_UPDATE_CHECK: "1" },
  });
  const { stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return text.decode(stdout) + text.decode(stderr);
}

Deno.test("output() writes text and bytes to both descriptors", async () => {
  const program =
    `await output(1, "ä"); await output(1, Uint8Array.of(65, 66)); await output(2, "e");`;
  assertEquals(await shell(program, '"$@" 2>&1'), "äABe");
});

const WRITE_MUCH = `await output(2, "why: " + await output(1, "x".repeat(1 << 20)));`;

Deno.test("output() ends silently if its reader closes the pipe", async () => {
  assertEquals(await shell(WRITE_MUCH, '"$@" | head -c 1'), "xwhy: undefined");
});

Deno.test("output() returns the reason of a failed write", async () => {
  assertEquals(await shell(WRITE_MUCH, '"$@" >/dev/full'), "why: no space left on device");
});

Deno.test("output() waits for a slow reader of a pipe that does not block", async () => {
  // With oflag=nonblock dd makes the pipe non-blocking for all its users.
  const program = `await output(1, "x".repeat(1 << 20));`;
  const command = '{ dd if=/dev/null oflag=nonblock 2>/dev/null; "$@"; } | { sleep 0.2; wc -c; }';
  assertEquals((await shell(program, command)).trim(), String(1 << 20));
});
