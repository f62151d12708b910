/** The number of system calls of a start. */
import { assert, assertEquals } from "@std/assert";
import { ADMIN_LAYER, HANDLER, RESOLVER, USER_LAYER } from "../../lib/paths.ts";
import type { RunOptions, World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { FOREIGN, NEEDS_KERNEL } from "../real/foreign.ts";
import { lineFor, PROGRAM, WITNESS, WITNESS_LAYER, worldWithWitness } from "./side_by_side.ts";

/** Besides one for each file or directory of layers and one for each file of a candidate. */
const OWN = 10;
/** The home directory's owner is checked before a table below it is used. */
const OF_HOME = 1;

/** The handler's system calls in a start with a table, from its own start to its execve(). */
async function calls(world: World, options: RunOptions): Promise<string[]> {
  const script = `
    $0 && exit 1; sleep 0.05; $0 && exit 1
    strace -o /run/trace $0 && exit 1
    cat /run/trace`;
  // The witness ends with its number of arguments.
  const { stdout, stderr } = await world.run(["bash", "-c", script, PROGRAM], options);
  assertEquals(stderr, "");
  const [first, ...rest] = stdout.split("\n");
  assert(first!.startsWith(`execve("${PROGRAM}"`), first);
  return rest.slice(0, rest.findIndex((line) => line.startsWith("execve(")) + 1);
}

/** The files and directories of layers that are examined. */
function sources(lines: readonly string[]): Set<string> {
  const looked = lines.flatMap((line) => /^statx\(AT_FDCWD, "([^"]*)"/.exec(line)?.[1] ?? []);
  const SOURCE = /\/binfmt-dispatcher(\.d|\.toml|\.d\/[^/]*\.toml)?$/;
  return new Set(looked.filter((path) => SOURCE.test(path) && path !== RESOLVER));
}

interface Case {
  readonly name: string;
  readonly layer: string;
  /** Required files of the candidates, as far as they are examined. */
  readonly needed: readonly string[];
  readonly flags: string;
  /** With a user's layer. */
  readonly user?: true;
  /** Links in the rules' paths: one call each. */
  readonly links?: readonly string[];
  /** Calls for rules below the home directory. */
  readonly home?: number;
  /** With the user's directory below /run/user, and the variable that names it. */
  readonly runtime?: { readonly directory: boolean; readonly named: boolean };
}

const CANDIDATES = `${WITNESS_LAYER.replace('"witness"', '["none", "witness"]')}
required_paths = ["/usr/bin", ["/nowhere", "/etc"]]
[interpreters.none]
path = ["/nowhere/one", "/nowhere/two"]
machines = ["${FOREIGN}"]
`;

const RULES = `[binaries.a]
path = ["/usr/share/games/x/", "/usr/share/games/*", "/bin/"]
interpreter = "witness"
`;

const HOME_RULES = `[binaries.a]
path = ["~/none/**", "~/none/*.x"]
interpreter = "witness"
`;

const CASES: readonly Case[] = [
  { name: "one candidate", layer: WITNESS_LAYER, needed: [WITNESS], flags: "POF" },
  {
    name: "two candidates",
    layer: CANDIDATES,
    needed: ["/nowhere/one", "/nowhere/two", WITNESS, "/usr/bin", "/nowhere", "/etc"],
    flags: "POF",
  },
  { name: "no descriptor", layer: WITNESS_LAYER, needed: [WITNESS], flags: "P" },
  {
    name: "rules",
    layer: `${WITNESS_LAYER}${RULES}`,
    needed: [WITNESS],
    flags: "POF",
    links: ["/bin"],
  },
  {
    name: "rules below home",
    layer: `${WITNESS_LAYER}${HOME_RULES}`,
    needed: [WITNESS],
    flags: "POF",
    // Four for the owner of the home, and one for a missing file.
    home: 5,
  },
  ...[
    { where: "in a session", runtime: { directory: true, named: true } },
    { where: "without a session", runtime: { directory: false, named: false } },
    { where: "outside of the session", runtime: { directory: true, named: false } },
  ].map(({ where, runtime }) => ({
    name: `a user's layer ${where}`,
    ...{ layer: WITNESS_LAYER, needed: [WITNESS], flags: "POF", user: true, runtime } as const,
  })),
];

for (const { name, layer, needed, flags, user, runtime, links = [], home = 0 } of CASES) {
  const most = OWN + (user && !runtime?.named ? OF_HOME : 0);
  test({
    name: `a start with ${name} makes at most ${most} system calls of its own`,
    needs: [...NEEDS_KERNEL, "strace"],
    fn: async () => {
      using world = worldWithWitness(layer);
      world.register(lineFor("handler", HANDLER, flags));
      const HOME = world.outside("/home/x");
      if (user) world.file(`/home/x/.config/${USER_LAYER}`, "");
      const directory = "/run/user/1000";
      if (runtime?.directory) {
        Deno.mkdirSync(world.outside(directory), { recursive: true, mode: 0o700 });
      }
      const env = {
        ...(user ? { HOME } : {}),
        ...(runtime?.named ? { XDG_RUNTIME_DIR: directory } : {}),
      };
      const made = await calls(world, { env, ...(user ? { plain: true } : {}) });
      const looked = sources(made);
      assertEquals(looked.has(`${HOME}/.config/${USER_LAYER}`), user === true, made.join("\n"));
      assert(looked.has(ADMIN_LAYER), made.join("\n"));
      for (const file of needed) {
        assert(made.some((line) => line.includes(`"${file}"`)), `${file}\n${made.join("\n")}`);
      }
      const followed = made.flatMap((line) =>
        /^readlinkat\(AT_FDCWD, "(?!\/proc\/)([^"]*)"/.exec(line)?.[1] ?? []
      );
      assertEquals(followed.sort(), [...links].sort());
      const own = made.length - looked.size - needed.length - links.length - home;
      assert(own <= most, `${own}:\n${made.join("\n")}`);
    },
  });
}
