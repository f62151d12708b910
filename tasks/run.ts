/** `./dev run ARGUMENTS…`: runs the sources in the caller's directory, with their permissions. */
import { permissionFlags } from "./permissions.ts";
import { ROOT } from "./start.ts";

const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "--quiet", "--config", `${ROOT}/deno.json`, ...permissionFlags()],
    ...[`${ROOT}/main.ts`, ...Deno.args],
  ],
  cwd: Deno.env.get("INIT_CWD") ?? ROOT, // `deno task` changes to the project's directory
}).spawn().status;
Deno.exit(code);
