import { test } from "../abilities.ts";
import { neededFor } from "../native/execute.ts";
import { agree } from "./agreement.ts";

const SEED = 20_281_250;

test({
  name: "2,000 random programs do the same on aarch64 as in Deno, and end in the same place",
  needs: neededFor("aarch64"),
  fn: () => agree("aarch64", SEED, 2_000),
});
