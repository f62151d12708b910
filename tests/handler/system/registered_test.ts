/** An old entry whose interpreter is the main program, which has the handler start programs. */
import { assertEquals } from "@std/assert";
import { ADMIN_LAYER, RESOLVER } from "../../../lib/paths.ts";
import { World } from "../../../tasks/world.ts";
import { type Ability, test } from "../../abilities.ts";
import { lineFor } from "../../kernel/side_by_side.ts";
import { headersOf } from "../../programs.ts";
import { FOREIGN } from "../../real/foreign.ts";
import { Stage } from "../stage.ts";

const NEEDS: readonly Ability[] = ["binfmt_misc", "compiled"];

const LAYER = `[defaults]
interpreter = "show"
[interpreters.show]
path = "/usr/share/show"
args = ["{argv0}", "{program}"]
machines = ["${FOREIGN}"]
`;
/** Prints its arguments and descriptors, or does what the first argument says. */
const SHOW = `#!/bin/bash
case "\${3-}" in do) eval "$4"; exit;; esac
printf '<%s>' "$@"; for each in /proc/self/fd/*; do each=\${each##*/}
[ $each -le 2 ] || [ $each = 255 ] || [ ! -e /proc/$$/fd/$each ] || printf ' %s' "$each"; done; echo
`;

function world(): World {
  const made = new World();
  made.install();
  made.file(ADMIN_LAYER, LAYER);
  made.file("/usr/share/show", SHOW, 0o755);
  made.file("/usr/bin/foreign", headersOf(FOREIGN), 0o755);
  made.file("/usr/bin/not-x", headersOf(FOREIGN));
  for (const flags of ["", "P", "PO", "POF", "O"]) {
    const line = lineFor(`flags-${flags}`, RESOLVER, "POF").replace(/POF$/, flags);
    made.file(`/usr/share/line-${flags}`, line);
  }
  return made;
}

async function said(world: World, script: string): Promise<string> {
  // The caller of the tests may have left descriptors open.
  const prepare = `cd /usr/bin
for each in /proc/$$/fd/*; do each=\${each##*/}; [ $each -le 2 ] || eval "exec $each>&-"; done
as() { echo -1 2>/dev/null >/proc/sys/fs/binfmt_misc/flags-$last
  last=$1; cat /usr/share/line-$1 >/proc/sys/fs/binfmt_misc/register; }
last=
`;
  const { stdout, stderr } = await world.run(["bash", "-c", `exec 2>&1; ${prepare}${script}`]);
  return stdout + stderr;
}

test({
  name: "with flag P the program keeps its argv[0]; without it, argv[0] is the path",
  needs: NEEDS,
  fn: async () => {
    using here = world();
    const start = `(exec -a name foreign -- --help '' 'a b' do é)`;
    const rest = "<--><--help><><a b><do><é>\n";
    for (const flags of ["P", "PO", "POF"]) {
      const found = await said(here, `as ${flags}; ${start}; (exec -a "" foreign)`);
      assertEquals(found, `<name></usr/bin/foreign>${rest}<></usr/bin/foreign>\n`, flags);
    }
    for (const flags of ["", "O"]) {
      const found = await said(here, `as "${flags}"; ${start}; ./foreign`);
      const path = "</usr/bin/foreign>";
      assertEquals(found, `${path}${path}${rest}<./foreign><./foreign>\n`, flags);
    }
  },
});

test({
  name: "exit status, signals and closed descriptors pass through",
  needs: NEEDS,
  fn: async () => {
    using here = world();
    const script = `as POF; foreign do 'exit 7'; echo $?
{ foreign do 'kill -9 $$'; } 2>/dev/null; echo $?; foreign <&- >/run/said 2>&-; cat /run/said
echo in | foreign do cat`;
    assertEquals(await said(here, script), "7\n137\n<foreign></usr/bin/foreign>\nin\n");
  },
});

test({
  name: "a path typed by hand is run",
  needs: NEEDS,
  fn: async () => {
    using here = world();
    const script = `B=binfmt-dispatcher; $B ./foreign a --help; $B /bin/echo native; $B ./none
echo $?; $B ./not-x; echo $?`;
    assertEquals(
      await said(here, script),
      `<./foreign><./foreign><a><--help>
native
binfmt-dispatcher: Cannot find “./none”: no such file
127
binfmt-dispatcher: Cannot run “./not-x”: it is not marked as executable
  Make it executable: chmod +x ./not-x
126
`,
    );
  },
});

Deno.test("the handler starts nothing without its parent's auxiliary vector", async () => {
  using stage = new Stage();
  for (const pid of ["0", "", "../..", "x".repeat(100)]) {
    const { status, stderr } = await stage.handle(["registered", pid, stage.program]);
    const why = "the auxiliary vector of binfmt-dispatcher cannot be read in /proc";
    assertEquals([status, stderr], [
      126,
      `binfmt-dispatcher: Cannot run “${stage.program}”: ${why}\n`,
    ]);
  }
  const { status } = await stage.handle(["registered", "1"]);
  assertEquals(status, 2);
});
