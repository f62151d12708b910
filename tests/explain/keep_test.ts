import { assertEquals } from "@std/assert";
import { parse } from "@std/toml";
import { loadConfig } from "../../lib/config/load.ts";
import { keepChoice, keepWords } from "../../lib/explain/keep.ts";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";

const USER: FakeSystem = { uid: 1000, variables: { HOME: "/home/u" } };

function keep(program: string, system: FakeSystem = USER, layer = "") {
  const environment = new FakeEnvironment({ ...system, files: { [ADMIN_LAYER]: layer } });
  const { config } = loadConfig(environment, { user: true });
  return keepChoice(program, "qemu", config, environment);
}

Deno.test("keepChoice() returns a rule for exactly the program, in the user's own layer", () => {
  const { file, lines } = keep("/opt/games/my game");
  assertEquals(file, "/home/u/.config/binfmt-dispatcher/binfmt-dispatcher.toml");
  assertEquals(parse(lines.join("\n")), {
    binaries: { "my game": { path: "/opt/games/my game", interpreter: "qemu" } },
  });
});

Deno.test("keepChoice() is for the system if root asks, and for another root", () => {
  assertEquals(keep("/bin/x", { uid: 0 }).file, ADMIN_LAYER);
  assertEquals(keep("/bin/x", { ...USER, root: "/mnt" }).file, ADMIN_LAYER);
  assertEquals(keep("/bin/x", { uid: 1000 }).file, ADMIN_LAYER);
});

Deno.test("keepChoice() changes no existing rule", () => {
  const rule = (name: string) => `[binaries.${name}]\npath = "/a"\ninterpreter = "fex"\n`;
  const fex = '[interpreters.fex]\npath = "/usr/bin/FEX"\n';
  const { lines } = keep("/bin/x", USER, fex + rule("x") + rule("x-2"));
  assertEquals(lines[0], "[binaries.x-3]");
});

Deno.test("keepWords() can be copied, and has no control characters", () => {
  const words = keepWords(keep('/opt/"\x1b[2J'));
  assertEquals(words.slice(1), [
    "",
    '[binaries."\\"\\u001b[2J"]',
    'path = "/opt/\\"\\u001b[2J"',
    'interpreter = "qemu"',
  ]);
});
