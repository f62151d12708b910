// Shows docs/security.md#a-damaged-or-hostile-table
/**
 * An old handler with a new resolver, and the reverse: flag F keeps the handler's file when a
 * package replaces it.
 */
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";
import { HOST } from "../handler/stage.ts";
import { lineFor } from "../kernel/side_by_side.ts";
import { checkPeople, NEEDS_PEOPLE, peopledWorld } from "./people.ts";

const OTHER = FORMAT_VERSION + 1;
const OTHER_HANDLER = "/usr/share/kernel/handler-of-another-version";
const OTHER_TABLE = "/usr/share/kernel/table-of-another-version";

async function run(
  cwd: string,
  script: string,
  ...args: string[]
): Promise<Uint8Array<ArrayBuffer>> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-all", script, ...args],
    cwd,
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return stdout;
}

/** Copies the program, with another version of the table's format. */
function otherVersion(directory: string): void {
  const { success } = new Deno.Command("cp", {
    args: ["-r", "main.ts", "deno.json", "deno.lock", "config", "lib", "tasks", directory],
    cwd: ROOT,
  }).outputSync();
  const path = `${directory}/lib/routes/format.ts`;
  const format = Deno.readTextFileSync(path);
  const other = format.replace(
    `FORMAT_VERSION = ${FORMAT_VERSION};`,
    `FORMAT_VERSION = ${OTHER};`,
  );
  if (!success || other === format) throw new Error("Cannot make another version");
  Deno.writeTextFileSync(path, other);
  Deno.writeTextFileSync(`${directory}/${COMPILE}`, SCRIPT_OF_COMPILE);
}

/** As ./dev compile does. */
const COMPILE = "compile_handler.ts";
const SCRIPT_OF_COMPILE = `
import { codeName } from "./lib/commands/handler_code.ts";
import { encodeCode } from "./lib/native/linked_code.ts";
import { handlerCode } from "./tasks/handler_code.ts";
Deno.mkdirSync("dist");
Deno.writeFileSync("dist/" + codeName("${HOST}"), encodeCode(handlerCode("${HOST}")));
`;

test({
  name: "a handler and a resolver of different versions still start programs",
  needs: NEEDS_PEOPLE,
  fn: () =>
    inTemporaryDirectory(async (directory) => {
      otherVersion(directory);
      using world = peopledWorld();
      await run(directory, COMPILE);
      world.file(OTHER_HANDLER, await run(directory, "main.ts", "handler"), 0o755);
      const args = ["routes", "--format", `${OTHER}`, "--root", world.directory];
      const table = await run(directory, "main.ts", ...args);
      world.file(OTHER_TABLE, table);
      world.register(lineFor("other", OTHER_HANDLER, "POF"));
      await checkPeople(world, SCRIPT);
    }),
});

const SCRIPT = `
ENTRIES=/proc/sys/fs/binfmt_misc N=${FORMAT_VERSION} M=${OTHER}
handler_of() {
  for e in handler other; do echo 0 > $ENTRIES/$e; done
  case $1 in $N) echo 1 > $ENTRIES/handler;; $M) echo 1 > $ENTRIES/other;; esac
}
resolver_of() { # a package's new file
  case $1 in
    $N) rm -f /run/before;;
    $M) echo '[ "$*" = "routes --format $M --system" ] && exec cat ${OTHER_TABLE}; exit 2' |
        sed s/\\$M/$M/ > /run/before;;
  esac
  touch /run/counting; settle
}
last() { # the last table of the handler's version is used
  local said status=0
  said=$($P 2>/run/err) || status=$?
  [ "$status $said" = "0 base" ] || fail "$status $said: $(cat /run/err)"
  grep -q 'failed, using the last one$' /run/err || fail "$(cat /run/err)"
}
for pair in "$N $M" "$M $N"; do
  set -- $pair
  rm -f $TABLES/*
  handler_of $1
  # A handler without a table of its version says so.
  resolver_of $2; fails 125 "its route table cannot be compiled" $P
  resolver_of $1; is base $P; settle; is base $P
  # Then the program is replaced, but not the handler.
  resolver_of $2; last
  [ "$(ls $TABLES)" = routes-$1 ] || fail "$(ls $TABLES)"
  # Then the handler is replaced, too: each version has its own table.
  handler_of $2; is base $P; settle; is base $P
  [ "$(ls $TABLES)" = "$(printf 'routes-%s\\n' $N $M)" ] || fail "$(ls $TABLES)"
  # Programs for which the old handler is still registered keep working.
  handler_of $1; last
  # A table under another version's name is not used.
  rm $TABLES/routes-$1; mv $TABLES/routes-$2 $TABLES/routes-$1
  fails 125 "its route table cannot be compiled" $P
done`;
