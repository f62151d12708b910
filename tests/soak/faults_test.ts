// Shows docs/security.md#denial-of-service
/**
 * If a system call of the handler fails, or kills a process, the right program starts or a message
 * says why not, and nothing is left. This is a part of what `./dev soak` tries.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { ALL_KINDS, SECURE_KINDS } from "./kinds.ts";
import { sweep } from "./sweep.ts";

/** Tries one fault in this many, except for ordinary starts with a table. */
const ONE_IN = 11;

for (const kind of ALL_KINDS) {
  test({
    name: `a start is right, or says why not, if a system call fails or kills it: ${kind.name}`,
    needs: ["binfmt_misc", "gcc", ...(SECURE_KINDS.includes(kind) ? ["root"] as const : [])],
    fn: async () => {
      const isOrdinary = kind.table === "fresh" && kind.way === undefined;
      const isSlow = kind.way === "table" || kind.way === "offer";
      const every = isOrdinary ? 1 : isSlow ? 3 * ONE_IN : ONE_IN;
      const { calls, verdicts, problems } = await sweep(kind, (_, i) => i % every === 0);
      assertEquals(problems, []);
      // At least some were tried.
      assert(calls >= 12 && verdicts.right > 0 && verdicts.words > 0 && verdicts.killed > 0);
    },
  });
}
