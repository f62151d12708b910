import deno from "../../deno.json" with { type: "json" };
import { success } from "../failure.ts";
import type { Outcome } from "./answer.ts";

/** The version as deno.json has it. */
export function version(): Outcome {
  return Promise.resolve(success({ stdout: `binfmt-dispatcher ${deno.version}\n` }));
}
