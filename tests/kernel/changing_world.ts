/** A world that counts the resolver's starts and whose layers can change between two starts. */
import { assertEquals } from "@std/assert";
import { ADMIN_LAYERS, HANDLER, RESOLVER, VENDOR_LAYERS } from "../../lib/paths.ts";
import { PROGRAM as COMPILED } from "../../tasks/compile.ts";
import type { RunOptions, World } from "../../tasks/world.ts";
import { FOREIGN } from "../real/foreign.ts";
import { lineFor, PROGRAM, worldWithWitness } from "./side_by_side.ts";

/** One line per start of the resolver. */
export const STARTS = "/run/starts";

/** Interpreters that print their names, all of the same length. */
const NAMES = ["base", "anna", "bert", "carl"];

const SAYS_ITS_NAME = '#!/bin/sh\necho "${0##*/}"\n';

/** Records its arguments, runs /run/before, which can wait or fail, and becomes the resolver. */
const COUNTING = `#!/bin/sh
echo "$*" >> ${STARTS}
[ ! -e /run/before ] || . /run/before
exec /usr/share/kernel/resolver "$@"
`;

/**
 * Makes directories that the script may change. Each is one mount, so that only a change makes a
 * table stale. `settle` waits until no source is young.
 */
const OPEN = `
set -eu
P=${PROGRAM} V=${VENDOR_LAYERS} A=${ADMIN_LAYERS} S=${STARTS}
cp -a /etc /run/etc 2>/dev/null || true
mount --bind /run/etc /etc
cp -a $V /run/vendor
mount --bind /run/vendor $V
fail() { echo "line \${BASH_LINENO[1]}: $*"; exit 1; }
expect() { # the interpreter that the next start finds
  local said status=0
  said=$($P 2>&1) || status=$?
  [ "$said" = "$1" ] || fail "$said, not $1; status $status"
}
starts() { wc -l < $S; }
settle() { sleep 0.04; }
expect_starts() { # number of starts; the command that makes them
  local before after more=$1
  before=$(starts); shift; "$@"; after=$(starts)
  [ $((after - before)) = $more ] || fail "$((after - before)) starts of the resolver, not $more"
}
default() { printf '[defaults]\\ninterpreter = "%s"\\n' "$1"; }
`;

/** The interpreters' configuration, with “base” as the default. */
export const LAYER = `[defaults]\ninterpreter = "base"\n` +
  NAMES.map((name) =>
    `[interpreters.${name}]\npath = "/run/bin/${name}"\nmachines = ["${FOREIGN}"]\n`
  ).join("");

/** From now on each start of the resolver is a line in STARTS. */
export function countStarts(world: World): void {
  world.bind(COMPILED, "/usr/share/kernel/resolver");
  world.file("/run/counting", COUNTING, 0o755);
  world.bind(world.outside("/run/counting"), RESOLVER);
  world.file(STARTS, "");
}

export function changingWorld(): World {
  const world = worldWithWitness("");
  world.file(`${VENDOR_LAYERS}/10-names.toml`, LAYER);
  for (const name of NAMES) world.file(`/run/bin/${name}`, SAYS_ITS_NAME, 0o755);
  countStarts(world);
  world.register(lineFor("handler", HANDLER, "POF"));
  return world;
}

/** Runs a bash script in it for at most these seconds; the script prints what is wrong. */
export async function check(
  world: World,
  script: string,
  options: RunOptions = {},
  seconds = 100,
): Promise<void> {
  world.file("/usr/share/kernel/script", OPEN + script);
  const { status, stdout, stderr } = await world.run(
    ["timeout", "--foreground", `${seconds}`, "bash", "/usr/share/kernel/script"],
    { cwd: "/", ...options },
  );
  assertEquals([status, stdout, stderr], [0, "", ""]);
}
