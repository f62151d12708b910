import { assertEquals, assertThrows } from "@std/assert";
import { terminalCommand } from "../../../lib/install/dialogs/terminal.ts";
import { Screen, until } from "../../../tasks/screen.ts";
import { test } from "../../abilities.ts";
import { fetchPackage } from "../../debian_packages.ts";

Deno.test("a terminal gets a command unchanged, and no options of its own", () => {
  assertEquals(terminalCommand({ path: "/usr/bin/sudo", args: ["--", "a b"] }), {
    path: "/usr/bin/xdg-terminal-exec",
    args: ["/usr/bin/sudo", "--", "a b"],
  });
});

Deno.test("a command without a path is refused, since it could be an option", () => {
  assertThrows(
    () => terminalCommand({ path: "--title=a", args: [] }),
    Error,
    "not an absolute path",
  );
});

test({
  name: "Debian's xdg-terminal-exec runs the command unchanged in a terminal",
  needs: ["apt", "screen", "xterm"],
  async fn() {
    const found = await fetchPackage("xdg-terminal-exec", "all", { suite: "trixie" });
    // Without a choice xdg-terminal-exec takes the first that is installed.
    const chosen = { ".config/xdg-terminals.list": "debian-xterm.desktop\n" };
    await using screen = await Screen.open(chosen);
    const script = `${screen.directory}/says its arguments`;
    const said = `${screen.directory}/arguments`;
    // Renames the file when it is complete. “tty” fails without a terminal.
    const text = "#!/bin/sh\nout=$1; tty >/dev/null || exit 1\n" +
      'printf "%s\\0" "$@" > "$out.new"; mv "$out.new" "$out"\n';
    await Deno.writeTextFile(script, text, { mode: 0o755 });
    const args = [
      said,
      "a b",
      "-e",
      "--",
      "--title=x",
      "",
      `"'`,
      "$HOME `id`",
      "\\n",
      "“é”",
      "a\nb",
    ];
    const command = terminalCommand({ path: script, args });
    const shown = await screen.show(command, `${found}${command.path}`);
    const got = await until("the arguments", () => Deno.readTextFile(said).catch(() => undefined));
    assertEquals(got.split("\0").slice(0, -1), args);
    assertEquals((await shown.status()).code, 0);
  },
});
