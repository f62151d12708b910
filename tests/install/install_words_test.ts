import { assertEquals } from "@std/assert";
import { installCommand, installWords } from "../../lib/install/install_words.ts";
import { targetNamed } from "../../lib/routes/targets.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { configOf } from "../config/load_config.ts";

Deno.test("installCommand() knows the managers' command lines", () => {
  const commands = ["apt", "pacman", "guix"].map((name) => installCommand(name, ["a", "b"]));
  assertEquals(commands, ["apt install a b", "pacman -S a b", "guix: a b"]);
});

Deno.test("installWords() names the system's package manager, if it has one", () => {
  const config = configOf(
    '[interpreters.emu]\npath = "/emu"\npackages = { apt = ["emu", "libc-{debian}?"] }\n' +
      '[muvm.packages]\napt = "muvm"\n',
  );
  const target = targetNamed(config, "x86_64")!;
  const words = (manager: string, id: string, throughMuvm = false) => {
    const files = { [`/usr/bin/${manager}`]: { mode: 0o755 } };
    return installWords(config, new FakeEnvironment({ files }))(id, target, throughMuvm);
  };
  assertEquals(words("apt-get", "emu"), "apt install emu");
  assertEquals(words("apt-get", "emu", true), "apt install emu muvm");
  assertEquals(words("apt-get", "other"), undefined);
  assertEquals(words("dnf", "emu"), undefined);
  assertEquals(words("none", "emu"), undefined);
});
