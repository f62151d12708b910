import { assert } from "@std/assert";
import { COMMANDS, optionsOf } from "../../lib/commands/command_table.ts";
import { help } from "../../lib/commands/help.ts";

async function text(name?: string): Promise<string> {
  const found = COMMANDS.filter((entry) => entry.name === name);
  const result = await help(name === undefined ? COMMANDS : found);
  assert(result.ok && typeof result.value.stdout === "string");
  return result.value.stdout;
}

Deno.test("help() lists every command, and every option of each", async () => {
  const overview = await text();
  for (const entry of COMMANDS) {
    assert(overview.includes(`  ${entry.name}`), entry.name);
    const own = await text(entry.name);
    assert(own.startsWith(`Usage: binfmt-dispatcher ${entry.name} [OPTION…]`), own);
    for (const { name } of optionsOf(entry)) assert(own.includes(`--${name}`), name);
  }
});

Deno.test("help() keeps to 80 columns and leaves no spaces at ends of lines", async () => {
  const texts = [await text(), ...await Promise.all(COMMANDS.map(({ name }) => text(name)))];
  for (const line of texts.join("").split("\n")) {
    assert(line.length <= 80, line);
    assert(line === line.trimEnd(), `“${line}”`);
  }
});
