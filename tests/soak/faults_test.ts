// Shows docs/security.md#denial-of-service
/**
 * System calls of the handler's that fail, and processes killed at them: the right program starts,
 * or words say why not, and nothing is left. Some of what `./dev soak` tries.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { KINDS, SECURE_KINDS } from "./kinds.ts";
import { sweep } from "./sweep.ts";

/** Of all but ordinary starts with a table, one fault in so many. */
const ONE_IN = 11;

for (const kind of [...KINDS, ...SECURE_KINDS]) {
  test({
    name: `where a system call of a start fails or is its last one, all stays right: ${kind.name}`,
    needs: ["binfmt_misc", "gcc", ...(SECURE_KINDS.includes(kind) ? ["root"] as const : [])],
    fn: async () => {
      const isOrdinary = kind.table === "fresh" && kind.way === undefined;
      const isSlow = kind.way === "table" || kind.way === "offer";
      const every = isOrdinary ? 1 : isSlow ? 3 * ONE_IN : ONE_IN;
      const { calls, verdicts, problems } = await sweep(kind, (_, i) => i % every === 0);
      assertEquals(problems, []);
      // It was tried at all.
      assert(calls >= 12 && verdicts.right > 0 && verdicts.words > 0 && verdicts.killed > 0);
    },
  });
}
