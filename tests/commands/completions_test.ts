import { assert, assertEquals } from "@std/assert";
import { COMMANDS, optionsOf } from "../../lib/commands/command_table.ts";
import { completions } from "../../lib/commands/completions.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";

async function script(shell: string): Promise<string> {
  const result = await completions(shell);
  assert(result.ok && typeof result.value.stdout === "string");
  return result.value.stdout;
}

/** The lines that a shell prints in a directory with the script and a file. */
function printed(shell: string, ...args: string[]): Promise<string[]> {
  return inTemporaryDirectory(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/_binfmt-dispatcher`, await script(shell));
    await Deno.writeTextFile(`${cwd}/a file`, "");
    const options = { args, cwd, env: { HOME: cwd } };
    const { stdout, stderr } = await new Deno.Command(shell, options).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).trimEnd().split("\n");
  });
}

/** What bash offers for the last word. */
function offered(...words: string[]): Promise<string[]> {
  const driver = `source ./_binfmt-dispatcher
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_binfmt_dispatcher binfmt-dispatcher "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return printed("bash", "--norc", "-c", driver, "bash", "binfmt-dispatcher", ...words);
}

Deno.test("completions() for bash offers commands, options, values and files", async () => {
  assertEquals(await offered("ex"), ["explain"]);
  assertEquals(await offered("--r"), ["--root"]);
  assertEquals(await offered("config", ""), [
    "show",
    "check",
    "schema",
    "--json",
    "--host",
    "--root",
    "--help",
    "--version",
  ]);
  assertEquals(await offered("config", "sh"), ["show"]);
  assertEquals(await offered("enable", "riscv"), ["riscv32", "riscv64"]);
  assertEquals(await offered("--version", "completions", ""), [
    "bash",
    "zsh",
    "fish",
    "--help",
    "--version",
  ]);
  assertEquals(await offered("explain", "a"), ["a file"]);
  assertEquals(await offered("explain", "--j"), ["--json"]);
  assertEquals(await offered("--root", "a"), ["a file"]);
  assertEquals(await offered("binfmt", "--machine", "loong"), ["loongarch64"]);
  assertEquals((await offered("binfmt", "--machine", "")).length, MACHINES.length);
});

Deno.test("completions() for zsh and fish contains every command and option", async () => {
  for (const shell of ["zsh", "fish"]) {
    const text = await script(shell);
    for (const entry of COMMANDS) {
      assert(text.includes(entry.name.split(" ")[0]!), entry.name);
      for (const { name } of optionsOf(entry)) assert(text.includes(name), name);
    }
  }
});

test({
  name: "fish offers what completions() for fish lists",
  needs: ["fish"],
  fn: async () => {
    const words = async (line: string) => {
      const ask = `source ./_binfmt-dispatcher; complete -C '${line}'`;
      return (await printed("fish", "--no-config", "-c", ask)).map((each) => each.split("\t")[0]);
    };
    assertEquals(await words("binfmt-dispatcher ex"), ["explain"]);
    assertEquals(await words("binfmt-dispatcher binfmt --machine loong"), ["loongarch64"]);
    assertEquals(await words("binfmt-dispatcher explain --js"), ["--json"]);
  },
});

test({
  name: "zsh accepts what completions() for zsh prints",
  needs: ["zsh"],
  fn: async () => {
    assertEquals(await printed("zsh", "-n", "_binfmt-dispatcher"), [""]);
    const print = "print -- $_comps[binfmt-dispatcher]";
    const source = `autoload -U compinit; compinit -D; source ./_binfmt-dispatcher; ${print}`;
    assertEquals(await printed("zsh", "-f", "-c", source), ["_binfmt_dispatcher"]);
    const fpath = `fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; ${print}`;
    assertEquals(await printed("zsh", "-f", "-c", fpath), ["_binfmt-dispatcher"]);
  },
});
