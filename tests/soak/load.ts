/** Runs load.c among people: many simultaneous starts while everything changes. */
import { assert } from "@std/assert";
import { RESOLVER } from "../../lib/paths.ts";
import { PROGRAM as COMPILED } from "../../tasks/compile.ts";
import { compileC } from "../compile_c.ts";
import { reporter } from "../programs.ts";
import { FOREIGN } from "../real/foreign.ts";
import { checkPeople, EVIL, HOST, peopledWorld } from "../security/people.ts";

export interface LoadOptions {
  /** The end comes after this many starts or seconds; 0: no limit. */
  readonly starts: number;
  readonly seconds: number;
  readonly seed: number;
  /** Mallory (1002) keeps changing her files, and root starts programs with her HOME. */
  readonly hostile: boolean;
}

/** The counters of load.c by name. */
export type Counts = Readonly<Record<string, number>>;

/** Mallory's directories, each in two forms, which load.c exchanges. */
const MALLORY = `
M=$HOMES/1002
mkdir -p $M/.config/binfmt-dispatcher $M/.cache/binfmt-dispatcher $M/run/binfmt-dispatcher $M/data
cp /run/bin/base $M/evil
cat > $M/$LAYER << END
[interpreters.base]
path = "$M/evil"
machines = ["${FOREIGN}"]
END
for directory in .cache run; do
  for name in $T $T-0123456789abcdef; do cp ${EVIL} $M/$directory/binfmt-dispatcher/$name; done
  ln -s $TABLES $M/$directory/other
done
cp ${EVIL} $M/evil-table
ln -s /etc $M/.config/other
ln -s $ALICE/.config $M/.config-link
ln -s $ALICE/.cache $M/.cache-link
ln -s /run $M/run-link
ln -s $ALICE $M/data-link
ln -s $P $M/program
ln -s ../../..$P $M/program-other
chown -hR 1002:1002 $M
chmod 755 $M
`;

/** Throws if a start was wrong, or if mallory could change a file that is not hers. */
export async function runLoad({ starts, seconds, seed, hostile }: LoadOptions): Promise<Counts> {
  using world = peopledWorld();
  world.bind(COMPILED, RESOLVER);
  for (const name of ["base", "anna", "bert", "carl"]) {
    world.file(`/run/bin/${name}`, reporter(HOST), 0o755);
  }
  const program = "/usr/share/kernel/load";
  world.file(program, "");
  await compileC(new URL("load.c", import.meta.url), world.outside(program));
  const command = `${program} $P ${starts} ${seconds} ${seed} ${hostile ? "$T" : ""}`;
  const patience = seconds === 0 ? 300 : seconds + 60;
  await checkPeople(world, `${MALLORY} settle; ${command} > /run/counts`, patience);
  const lines = Deno.readTextFileSync(world.outside("/run/counts")).trimEnd().split("\n");
  const counts = Object.fromEntries(lines.map((line) => {
    const [name, count] = line.split(" ");
    return [name!, Number(count)];
  }));
  assert(counts["starts"]! > 0);
  return counts;
}
