import { assert, assertEquals } from "@std/assert";
import { COMMANDS, optionsOf } from "../../lib/commands/command_table.ts";
import { completions } from "../../lib/commands/completions.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { test } from "../abilities.ts";

async function script(shell: string): Promise<string> {
  const result = await completions(shell);
  assert(result.ok && typeof result.value.stdout === "string");
  return result.value.stdout;
}

/** What bash offers for the last word. */
async function offered(...words: string[]): Promise<string[]> {
  const driver = `${await script("bash")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_binfmt_dispatcher binfmt-dispatcher "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${directory}/a file`, "");
    const args = ["--norc", "-c", driver, "bash", "binfmt-dispatcher", ...words];
    const { stdout, stderr } = await new Deno.Command("bash", { args, cwd: directory }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  } finally {
    await Deno.remove(directory, { recursive: true });
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

Deno.test("completions() for zsh and fish have every command and option", async () => {
  for (const shell of ["zsh", "fish"]) {
    const text = await script(shell);
    for (const entry of COMMANDS) {
      assert(text.includes(entry.name.split(" ")[0]!), entry.name);
      for (const { name } of optionsOf(entry)) assert(text.includes(name), name);
    }
  }
});

/** Runs a shell on a file with the script in it, whose name is its last argument. */
async function runShell(shell: string, ...args: string[]): Promise<string[]> {
  const directory = await Deno.makeTempDir();
  try {
    const file = `${directory}/_binfmt-dispatcher`;
    await Deno.writeTextFile(file, await script(shell));
    const { stdout, stderr } = await new Deno.Command(shell, {
      args: [...args, file],
      env: { HOME: directory },
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).trimEnd().split("\n");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

test({
  name: "completions() for fish are offered by fish",
  needs: ["fish"],
  fn: async () => {
    const ask = (line: string) =>
      runShell("fish", "--no-config", "-c", `source $argv[1]; complete -C '${line}'`);
    const words = async (line: string) => (await ask(line)).map((each) => each.split("\t")[0]);
    assertEquals(await words("binfmt-dispatcher ex"), ["explain"]);
    assertEquals(await words("binfmt-dispatcher binfmt --machine loong"), ["loongarch64"]);
    assertEquals(await words("binfmt-dispatcher explain --js"), ["--json"]);
  },
});

test({
  name: "completions() for zsh are accepted by zsh",
  needs: ["zsh"],
  fn: async () => {
    assertEquals(await runShell("zsh", "-n"), [""]);
    const print = "print -- $_comps[binfmt-dispatcher]";
    const source = `autoload -U compinit; compinit -D; source "$1"; ${print}`;
    assertEquals(await runShell("zsh", "-f", "-c", source, "zsh"), ["_binfmt_dispatcher"]);
    const fpath = `fpath=("$1:h" $fpath); autoload -U compinit; compinit -u -D; ${print}`;
    assertEquals(await runShell("zsh", "-f", "-c", fpath, "zsh"), ["_binfmt-dispatcher"]);
  },
});
