/**
 * `./dev run ARGUMENTS…`: the program from its sources, with its own permissions, where the caller
 * stands.
 */
import { permissionFlags } from "./permissions.ts";
import { ROOT } from "./start.ts";

const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "--quiet", "--config", `${ROOT}/deno.json`, ...permissionFlags()],
    ...[`${ROOT}/main.ts`, ...Deno.args],
  ],
  cwd: Deno.env.get("INIT_CWD") ?? ROOT, // `deno task` itself moves to the project's folder
}).spawn().status;
Deno.exit(code);
