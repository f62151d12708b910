import { assert, assertEquals } from "@std/assert";
import { parseCommand } from "../../lib/commands/arguments.ts";
import { COMMANDS, GLOBAL_OPTIONS, optionsOf } from "../../lib/commands/command_table.ts";

Deno.test("COMMANDS: every command can be called, and every example can be parsed", () => {
  for (const entry of COMMANDS) {
    const operands = (entry.values ?? ["a"]).slice(0, entry.count[0]);
    const result = parseCommand([...entry.name.split(" "), ...operands]);
    assert(result.ok, entry.name);
    assertEquals(result.value.kind, entry.name.split(" ")[0]);
    for (const [example] of entry.examples) {
      const words = example.split(" >")[0]!.split(" ");
      const parsed = parseCommand(words);
      assert(parsed.ok && parsed.value.kind === entry.name.split(" ")[0], example);
    }
  }
});

Deno.test("COMMANDS: names are unique, and so are the options of a command", () => {
  const names = COMMANDS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const entry of COMMANDS) {
    const options = optionsOf(entry).map(({ name }) => name);
    assertEquals(new Set(options).size, options.length, entry.name);
    // parseArgs() reads a dot as a path, and --no-X as a negated X.
    for (const name of options) assert(/^(?!no-)[a-z-]+$/.test(name), name);
    const everywhere = GLOBAL_OPTIONS.map(({ name }) => name).filter((name) => name !== "root");
    assertEquals(options.slice(-everywhere.length), everywhere);
    assertEquals(options.includes("root"), entry.noRoot !== true);
  }
});
