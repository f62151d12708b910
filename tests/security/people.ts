/** A world with root, alice (1000) and bob (1001), each with a home. */
import { assertEquals } from "@std/assert";
import type { Host } from "../../lib/native/program.ts";
import { RESOLVER } from "../../lib/paths.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { PROGRAM as COMPILED } from "../../tasks/compile.ts";
import type { World } from "../../tasks/world.ts";
import { type Ability, test } from "../abilities.ts";
import { load } from "../config/load_config.ts";
import { changingWorld, check, LAYER } from "../kernel/changing_world.ts";
import { speaker } from "../programs.ts";
import { FOREIGN, NEEDS_KERNEL } from "../real/foreign.ts";

export const HOST = Deno.build.arch as Host;

/** A namespace with more than one user: only real root can make one. */
export const NEEDS_PEOPLE: readonly Ability[] = [...NEEDS_KERNEL, "root"];

/** A table that chooses bert whatever the layers say, and never becomes stale. */
export const EVIL = "/usr/share/kernel/evil-table";

/**
 * Bash. `is WORDS COMMAND…` expects this output, `fails STATUS WORDS COMMAND…` this exit status and
 * a part of the output; `tree DIRECTORY…` lists everything below. $OWN is a mount of this
 * namespace, so that set-user-ID and capabilities work there however TMPDIR is mounted.
 */
const PEOPLE = `
HOMES=/run/homes OWN=/run/own T=routes-${FORMAT_VERSION} TABLES=/run/binfmt-dispatcher
CONFIG=.config/binfmt-dispatcher LAYER=.config/binfmt-dispatcher/binfmt-dispatcher.toml
CACHE=.cache/binfmt-dispatcher
chmod 666 $S
mkdir $OWN $HOMES
mount -t tmpfs none $OWN
for who in 1000 1001; do mkdir -p $HOMES/$who/$CONFIG; chown -R $who:$who $HOMES/$who; done
ALICE=$HOMES/1000 BOB=$HOMES/1001
is() {
  local said status=0 wanted=$1; shift
  said=$("$@" 2>&1) || status=$?
  [ "$said" = "$wanted" ] || fail "$said, not $wanted; status $status: $*"
}
fails() {
  local said status=0 wanted=$1 words=$2; shift 2
  said=$("$@" 2>&1) || status=$?
  [ $status = $wanted ] || fail "status $status, not $wanted: $*: $said"
  case $said in *"$words"*) ;; *) fail "$said, without “$words”: $*";; esac
}
tree() { find "$@" -printf '%p %y %m %U:%G %s %T@\\n' | sort; }
`;

/** Starts a command as this user; variables may precede it. */
const become = (id: number) =>
  `#!/bin/sh
exec setpriv --reuid ${id} --regid ${id} --clear-groups --inh-caps=-all \\
  env -i PATH="$PATH" HOME=/run/homes/${id} "$@"
`;

export function peopledWorld(): World {
  const world = changingWorld();
  world.file(EVIL, evilTable());
  world.file("/usr/bin/alice", become(1000), 0o755);
  world.file("/usr/bin/bob", become(1001), 0o755);
  // It needs nothing that a start may lack: no descriptor, no second process.
  world.file("/run/bin/base", speaker(HOST, "base\n"), 0o755);
  for (const name of ["hers", "own"]) {
    world.file(`/run/bin/${name}`, speaker(HOST, `${name}\n`), 0o755);
  }
  return world;
}

function evilTable(): Uint8Array {
  const toml = LAYER.replace('interpreter = "base"', 'interpreter = "bert"');
  const compiled = compileRoutes({ ...load(toml), sources: [], present: new Set() });
  if (!compiled.ok) throw new Error(compiled.failure.why);
  assertEquals(toml.includes(FOREIGN), true);
  return compiled.value.table;
}

/** Runs a bash script with these helpers; it prints what is wrong. */
export async function checkPeople(world: World, script: string, seconds?: number): Promise<void> {
  await check(world, PEOPLE + script, { users: true }, seconds);
}

interface Options {
  /** Besides NEEDS_PEOPLE. */
  readonly needs?: readonly Ability[];
  /** “real”: the compiled program itself; “counted”, the default: as in changing_world.ts. */
  readonly resolver?: "real" | "counted";
  readonly prepare?: (world: World) => void | Promise<void>;
  readonly seconds?: number | undefined;
}

/** Tests that a script among people finds nothing wrong. */
export function testAmongPeople(name: string, script: string, options: Options = {}): void {
  const { needs = [], resolver = "counted", prepare, seconds } = options;
  test({
    name,
    needs: [...NEEDS_PEOPLE, ...needs],
    fn: async () => {
      using world = peopledWorld();
      if (resolver === "real") world.bind(COMPILED, RESOLVER);
      await prepare?.(world);
      await checkPeople(world, script, seconds);
    },
  });
}
