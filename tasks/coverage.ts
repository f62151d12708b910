/** `./dev coverage [FILES…]`: which lines the tests reach; a page per file below coverage/. */
import { install } from "./install.ts";
import { ROOT, start } from "./start.ts";

await install("test");
const raw = `${ROOT}/.cache/coverage`;
await Deno.remove(raw, { recursive: true }).catch(() => {});
const deno = Deno.execPath();
const tested = await start([
  ...[deno, "test", "--quiet", "--allow-all", "--no-check", `--coverage=${raw}`],
  ...(Deno.args.length > 0 ? Deno.args : ["tests"]),
]);
const shown = await start([deno, "coverage", "--include=/(lib|main)", raw]);
Deno.exit(tested || shown);
