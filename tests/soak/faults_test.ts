// Shows docs/security.md#denial-of-service
/**
 * System calls of the handler's that fail, and processes killed at them: the right program starts,
 * or words say why not, and nothing is left. Some of what `./dev soak` tries.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { KINDS } from "./fault_stage.ts";
import { sweep } from "./sweep.ts";

/** Of a start that makes a table, which takes longer, one fault in so many. */
const ONE_IN = 11;

for (const kind of KINDS) {
  test({
    name: `where a system call of a start fails or is its last one, all stays right: ${kind.name}`,
    needs: ["binfmt_misc", "gcc"],
    fn: async () => {
      // An errand tries again and again.
      const every = kind.table === "fresh" ? 1 : kind.errand ? 3 * ONE_IN : ONE_IN;
      const { calls, verdicts, problems } = await sweep(kind, (_, i) => i % every === 0);
      assertEquals(problems, []);
      // It was tried at all.
      assert(calls >= 15 && verdicts.right > 0 && verdicts.words > 0 && verdicts.killed > 0);
    },
  });
}
