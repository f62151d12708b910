/** What explain says is what the kernel and the handler then do. */
import { assertEquals } from "@std/assert";
import { basename } from "@std/path";
import { ADMIN_LAYER, ADMIN_LAYERS } from "../../lib/paths.ts";
import { test } from "../abilities.ts";
import { busybox, dash, FOREIGN, NEEDS, PROBE, probe, worldFor } from "./foreign.ts";

const STATIC = "/usr/share/games/busybox";
const DYNAMIC = "/usr/share/games/dash";
const LINK = "/usr/bin/linked";

/** Here red is the default, blue is only for dynamic programs, absent is not installed. */
const SITUATIONS: readonly (readonly [name: string, configuration: string])[] = [
  ["the default alone", ""],
  ["an exact rule", `[binaries.a]\npath = "${STATIC}"\ninterpreter = "green"`],
  ["a rule about a link", `[binaries.a]\npath = "${LINK}"\ninterpreter = "green"`],
  ["a directory", '[binaries.a]\npath = "/usr/share/games/"\ninterpreter = ["blue", "green"]'],
  ["a glob", '[binaries.a]\npath = "/usr/**/{busy,d}*"\ninterpreter = "blue"'],
  ["a rule without an installed one", '[binaries.a]\npath = "/**"\ninterpreter = "absent"'],
  ["templates", '[interpreters.red]\nargs = ["{argv0}", "{machine}", "x y", "-{program}"]'],
  ["a machine's own list", `[machines.${FOREIGN}]\ninterpreter = ["absent", "blue", "green"]`],
  ["nothing configured", "[defaults]\ninterpreter = []"],
  ["a sysroot without a loader", '[interpreters.red]\nsysroot = ["/none"]'],
  ["required paths", '[interpreters.red]\nrequired_paths = [["/none", "/usr"], "/nowhere"]'],
];

interface Explained {
  readonly command: { readonly argv: readonly string[] } | null;
  readonly outcome: { readonly status: number };
}

test({
  name: "explain prints the command line and the status of the start that follows",
  needs: NEEDS,
  fn: async () => {
    using world = worldFor(FOREIGN);
    const names = ["red", "green", "blue"];
    for (const name of names) world.file(`/usr/bin/${name}`, PROBE, 0o755);
    const colours = [...names, "absent"].map((name) =>
      probe(name, name === "blue" ? 'linkage = "dynamic"' : "")
    );
    const layer = ['[defaults]\ninterpreter = "red"\n', ...colours].join("");
    world.file(`${ADMIN_LAYERS}/10-colours.toml`, layer);
    world.file(STATIC, await Deno.readFile(await busybox(FOREIGN)), 0o755);
    world.file(DYNAMIC, await Deno.readFile(await dash(FOREIGN)), 0o755);
    world.link(LINK, STATIC);

    for (const [name, configuration] of SITUATIONS) {
      world.file(ADMIN_LAYER, configuration);
      for (const program of [STATIC, DYNAMIC, LINK]) {
        const explained = await world.run(["binfmt-dispatcher", "explain", "--json", program]);
        const { command, outcome } = JSON.parse(explained.stdout) as Explained;
        const { status, stdout } = await world.run([program]);
        const argv = command?.argv ?? [];
        const shown = argv.slice(1).map((arg) => ` [${arg}]`).join("");
        assertEquals(
          { status: outcome.status, stdout: argv[0] && `${basename(argv[0])}:${shown}\n` },
          { status, stdout: stdout || undefined },
          `${name}, ${program}`,
        );
      }
    }
  },
});
