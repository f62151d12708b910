import { assert, assertEquals } from "@std/assert";
import { COMMANDS, optionsOf } from "../../lib/commands/command_table.ts";
import { completions } from "../../lib/commands/completions.ts";
import { MACHINES } from "../../lib/elf/machines.ts";

async function script(shell: string): Promise<string> {
  const result = await completions(shell);
  assert(result.ok && typeof result.value.stdout === "string");
  return result.value.stdout;
}

/** What bash offers for the last of the words. */
async function offered(...words: string[]): Promise<string[]> {
  const driver = `${await script("bash")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_binfmt_dispatcher binfmt-dispatcher "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a file`, "");
    const args = ["--norc", "-c", driver, "bash", "binfmt-dispatcher", ...words];
    const { stdout, stderr } = await new Deno.Command("bash", { args, cwd: folder }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("completions() for bash offer commands, options, values and files", async () => {
  assertEquals(await offered("ex"), ["explain"]);
  assertEquals(await offered("--r"), ["--root"]);
  assertEquals(await offered("config", ""), [
    "show",
    "check",
    "schema",
    "--json",
    "--root",
    "--help",
    "--version",
  ]);
  assertEquals(await offered("config", "sh"), ["show"]);
  assertEquals(await offered("--version", "completions", ""), [
    "bash",
    "zsh",
    "fish",
    "--root",
    "--help",
    "--version",
  ]);
  assertEquals(await offered("explain", "a"), ["a file"]);
  assertEquals(await offered("explain", "--j"), ["--json"]);
  assertEquals(await offered("--root", "a"), ["a file"]);
  assertEquals(await offered("binfmt", "--machine", "loong"), ["loongarch64"]);
  assertEquals((await offered("binfmt", "--machine", "")).length, MACHINES.length);
});

Deno.test("completions() for zsh and fish have every command and option", async () => {
  for (const shell of ["zsh", "fish"]) {
    const text = await script(shell);
    for (const entry of COMMANDS) {
      assert(text.includes(entry.name.split(" ")[0]!), entry.name);
      for (const { name } of optionsOf(entry)) assert(text.includes(name), name);
    }
    // Neither shell is asked for by anything else: where one is there, it checks.
    try {
      const child = new Deno.Command(shell, { args: ["-n"], stdin: "piped", stderr: "piped" })
        .spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(text));
      await writer.close();
      const { code, stderr } = await child.output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
});
