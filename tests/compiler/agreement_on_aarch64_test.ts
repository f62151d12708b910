import { test } from "../abilities.ts";
import { neededFor } from "../native/execute.ts";
import { agree } from "./agreement.ts";

const SEED = 20_281_250;

test({
  name: "2,000 random programs do on aarch64 what they do in Deno, and end where they end",
  needs: neededFor("aarch64"),
  fn: () => agree("aarch64", SEED, 2_000),
});
