/** Changes during a start do no harm: a part of what `./dev soak` tries. */
import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { MAKING } from "./kinds.ts";
import { CHANGES, meddle, setClocks } from "./meddling.ts";

const NEEDS = ["binfmt_misc", "gcc"] as const;
/** At one call in this many. */
const ONE_IN = 4;

for (const name of Object.keys(CHANGES) as (keyof typeof CHANGES)[]) {
  test({
    name: `if ${name} during a start, it and the next one are right`,
    needs: NEEDS,
    fn: async () => {
      for (const [n, kind] of MAKING.entries()) {
        const { tried, problems } = await meddle(kind, name, (i) => i % ONE_IN === n);
        assertEquals([kind.name, problems], [kind.name, []]);
        assert(tried > 10);
      }
    },
  });
}

test({
  name: "a table made while the clock is wrong is used, and no change is missed",
  needs: NEEDS,
  fn: async () => {
    for (const kind of MAKING) {
      assertEquals([kind.name, (await setClocks(kind)).problems], [kind.name, []]);
    }
  },
});
