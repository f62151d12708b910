// Shows docs/security.md#a-hostile-environment
import { assertEquals } from "@std/assert";
import { FORMAT_VERSION } from "../../../lib/routes/format.ts";
import { test } from "../../abilities.ts";
import { Stage } from "../stage.ts";

/** Starts the program with these redirections in sh. */
async function start(stage: Stage, redirections: string): Promise<number> {
  const words = `exec "$0" "$1" ${redirections}`;
  const args = ["-c", words, stage.path("handler"), stage.program];
  const options = { args, clearEnv: true, stdout: "null", stderr: "null" } as const;
  return (await new Deno.Command("sh", options).output()).code;
}

/** An interpreter that writes its open descriptors, except sh's own, to a file. */
const TELLS = `#!/bin/sh
for n in 0 1 2 3 4 5 6 7 8 9; do
  if [ -e /proc/$$/fd/$n ]; then open="$open $n"; fi
done
echo "$open" > "$(dirname "$0")/open"
`;

/** /dev/null stays open in place of the program's file, which the kernel opened. */
const WAYS = [
  { redirections: "<&- >&- 2>&-", open: [0] },
  { redirections: "<&- 2>&-", open: [0, 1] },
  { redirections: "2>&-", open: [0, 1, 2] },
  { redirections: "7</dev/null", open: [0, 1, 2, 7] },
];

for (const { redirections, open } of WAYS) {
  test({
    name: `with ${redirections} the interpreter has descriptors ${open}, and the table is whole`,
    needs: ["root"],
    fn: async () => {
      using stage = new Stage();
      await stage.settle();
      const kept = stage.path(`tables/routes-${FORMAT_VERSION}`);
      const size = Deno.statSync(stage.path("table")).size;
      // The table stays whole: the message must not be written into it.
      stage.write("interpreter", "#!/nowhere\n", 0o755);
      assertEquals(await start(stage, redirections), 126);
      assertEquals(Deno.statSync(kept).size, size);
      stage.write("interpreter", TELLS, 0o755);
      for (const turn of ["table found", "table made"]) {
        assertEquals(await start(stage, redirections), 0);
        const told = Deno.readTextFileSync(stage.path("open")).trim().split(" ");
        assertEquals(told.filter((each) => each !== "").map(Number), open, turn);
        Deno.removeSync(kept);
      }
    },
  });
}
