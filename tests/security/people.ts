/** A world with other people in it: alice (1000) and bob (1001), each with a home; and root. */
import { assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import type { World } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { changingWorld, check, LAYER } from "../kernel/changing_world.ts";
import { speaker } from "../programs.ts";
import { FOREIGN, NEEDS_KERNEL } from "../real/foreign.ts";
import type { Host } from "../../lib/native/program.ts";

export const HOST = Deno.build.arch as Host;

/** A namespace with more than one user: only real root can make one. */
export const NEEDS_PEOPLE: readonly Ability[] = [...NEEDS_KERNEL, "root"];

/** A table that chooses bert whatever the layers say, and never becomes stale. */
export const EVIL = "/usr/share/kernel/evil-table";

/**
 * Bash. `is WORDS COMMAND…` compares what a command says; `fails STATUS WORDS COMMAND…` how it
 * ends; `tree DIRECTORY…` lists all there is. $OWN is a mount of this namespace, so that
 * set-user-ID and capabilities count there whatever TMPDIR is mounted with.
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

/** Starts a command as this user; it may begin with variables. */
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
  // Uses nothing that a start may lack: no descriptor, no second process.
  world.file("/run/bin/base", speaker(HOST, "base\n"), 0o755);
  for (const name of ["hers", "own"]) {
    world.file(`/run/bin/${name}`, speaker(HOST, `${name}\n`), 0o755);
  }
  return world;
}

function evilTable(): Uint8Array {
  const toml = LAYER.replace('interpreter = "base"', 'interpreter = "bert"');
  const environment = new FakeEnvironment({ files: { "/etc/binfmt-dispatcher.toml": toml } });
  const effective = loadConfig(environment, { user: false });
  const compiled = compileRoutes({ ...effective, sources: [], present: new Set() });
  if (!compiled.ok) throw new Error(compiled.failure.why);
  assertEquals(toml.includes(FOREIGN), true);
  return compiled.value.table;
}

/** Runs a bash script among them, which prints what is wrong, if anything. */
export async function checkPeople(world: World, script: string, seconds?: number): Promise<void> {
  await check(world, PEOPLE + script, { users: true }, seconds);
}
