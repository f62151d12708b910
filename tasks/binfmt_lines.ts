/** Lines of binfmt.d for all machines and formats: what `binfmt-dispatcher binfmt` prints. */
import { binfmt } from "../lib/commands/binfmt.ts";
import { parseCommand } from "../lib/commands/arguments.ts";
import { loadConfig } from "../lib/config/load.ts";
import { MACHINES, NATIVE } from "../lib/elf/machines.ts";
import { render } from "../lib/failure.ts";
import { VENDOR_LAYERS } from "../lib/paths.ts";
import { RealEnvironment } from "../lib/real_environment.ts";
import type { HOSTS } from "./shipped_config.ts";
import { ROOT } from "./start.ts";

/** The text for each machine and format that a host can have registered, by its name. */
export async function binfmtLines(host: typeof HOSTS[number]): Promise<Map<string, string>> {
  // A root with the shipped layer alone: this machine's own configuration must not matter.
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}${VENDOR_LAYERS}`, { recursive: true });
    const layer = `${root}${VENDOR_LAYERS}/00-default.toml`;
    await Deno.copyFile(`${ROOT}/config/${host}.toml`, layer);
    const environment = new RealEnvironment(root);
    const { formats } = loadConfig(environment, { user: false }).config;
    const foreign = MACHINES.map(({ name }) => name).filter((name) =>
      !NATIVE[host]!.includes(name)
    );
    const lines = new Map<string, string>();
    for (const name of [...foreign, ...formats.keys()]) {
      const command = parseCommand(["binfmt", "--host", host, "--machine", name]);
      if (!command.ok || command.value.kind !== "binfmt") throw new Error("wrong arguments");
      const result = await binfmt(command.value, environment);
      if (!result.ok) throw new Error(render(result.failure));
      lines.set(name, result.value.stdout as string);
    }
    return lines;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
