/** Commands in a directory whose name is not UTF-8. */
import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { FOREIGN, NEEDS_OWNERS, worldFor } from "./foreign.ts";

const SCRIPT = String.raw`
directory=/run/$(printf 'f\377'); mkdir "$directory"; cd "$directory"
mkdir -p root/etc; cp /usr/bin/true .; printf '[defaults]\n' >a.toml
exec "$@" </dev/null 2>&1`;

test({
  name: "in a directory whose name is not UTF-8, commands work or say why not",
  needs: NEEDS_OWNERS,
  fn: async () => {
    using world = worldFor(FOREIGN);
    const said = async (...args: string[]) => {
      const command = ["binfmt-dispatcher", ...args];
      const { status, stdout } = await world.run(["sh", "-c", SCRIPT, "sh", ...command]);
      return [status, stdout.split("\n").slice(0, 2).join("\n")] as const;
    };
    const works = [
      ["explain", "./true"],
      ["explain", "/usr/bin/true"],
      ["run", "./true"],
      ["config", "check"],
      ["config", "show", "--root", "root"],
    ];
    for (const args of works) assertEquals((await said(...args))[0], 0, args.join(" "));
    const [status, words] = await said("config", "check", "a.toml");
    assertEquals(status, 1);
    assert(words.startsWith("binfmt-dispatcher: Cannot check “a.toml”: the name of the "), words);
    const [, installed] = await said("install", "./true");
    assert(!installed.includes("Uncaught"), installed);
  },
});
