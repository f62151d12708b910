import { assert, assertEquals } from "@std/assert";
import { permissionFlags } from "../tasks/permissions.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program. */
async function start(program: string, args: readonly string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { status: code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** The program from its sources, with the permissions of the compiled one. */
const deno = ["run", "--quiet", ...permissionFlags(), MAIN];
const run = (...args: string[]) => start(Deno.execPath(), [...deno, ...args]);

Deno.test("--help and --version go to stdout, with status 0", async () => {
  const help = await run("--help");
  assertEquals([help.status, help.stderr], [0, ""]);
  assert(help.stdout.startsWith("Usage: binfmt-dispatcher"));
  const version = await run("--version");
  assertEquals([version.status, version.stderr], [0, ""]);
  assert(/^binfmt-dispatcher \d+\.\d+\.\d+\n$/.test(version.stdout), version.stdout);
});

Deno.test("wrong usage ends with 2, one line and a hint on stderr, and no help", async () => {
  assertEquals(await run("explian"), {
    status: 2,
    stdout: "",
    stderr: "binfmt-dispatcher: Cannot run “explian”: no such command\n" +
      "  Did you mean “explain”?\n",
  });
});

Deno.test("output that cannot be written is an error", async () => {
  const args = ["-c", '"$@" >/dev/full', "sh", Deno.execPath(), ...deno, "completions", "bash"];
  assertEquals(await start("sh", args), {
    status: 125,
    stdout: "",
    stderr: "binfmt-dispatcher: Cannot write to standard output: no space left on device\n",
  });
});

Deno.test("--root must be a directory", async () => {
  assertEquals(await run("--root", MAIN, "config", "check"), {
    status: 2,
    stdout: "",
    stderr: `binfmt-dispatcher: Cannot use “${MAIN}” as --root: it is not a directory\n`,
  });
  const absent = await run("--root=/nonexistent", "explain", "/bin/true");
  assertEquals(
    absent.stderr,
    "binfmt-dispatcher: Cannot use “/nonexistent” as --root: no such directory\n",
  );
});

Deno.test("output to a closed pipe ends silently", async () => {
  const args = ["-c", '"$@" | true', "sh", Deno.execPath(), ...deno, "completions", "bash"];
  const { stderr } = await start("sh", args);
  assertEquals(stderr, "");
});
