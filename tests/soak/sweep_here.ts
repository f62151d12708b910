/**
 * `sweep_here INDEX EVERY`: sweeps a kind of starts with one fault in EVERY, and prints the tally
 * as JSON. on_aarch64.ts runs it in a machine.
 */
import { say } from "../../tasks/say.ts";
import { ALL_KINDS } from "./kinds.ts";
import { sweep } from "./sweep.ts";

const [index = 0, every = 1] = Deno.args.map(Number);
const kind = ALL_KINDS[index]!;
say(JSON.stringify(await sweep(kind, (_, i) => i % every === 0)));
