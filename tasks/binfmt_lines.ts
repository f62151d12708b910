/** The lines of binfmt.d that packages ship: for all machines and formats. */
import { registration } from "../lib/binfmt/registration.ts";
import { loadConfig } from "../lib/config/load.ts";
import { MACHINES, NATIVE } from "../lib/elf/machines.ts";
import { render } from "../lib/failure.ts";
import { HANDLER, VENDOR_LAYERS } from "../lib/paths.ts";
import { RealEnvironment } from "../lib/real_environment.ts";
import { partnerOf } from "../lib/routes/targets.ts";
import { ROOT } from "./start.ts";

/** The text for each machine and format that a host can have registered, by its name. */
export function binfmtLines(host: string): Map<string, string> {
  // A root with the shipped layer alone: this machine's own configuration must not matter.
  const root = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${root}${VENDOR_LAYERS}`, { recursive: true });
    const layer = `${root}${VENDOR_LAYERS}/00-default.toml`;
    Deno.copyFileSync(`${ROOT}/config/${host}.toml`, layer);
    const { config } = loadConfig(new RealEnvironment(root), { user: false });
    const machines = MACHINES.map(({ name }) => name).filter((name) =>
      !NATIVE[host]?.includes(name)
    );
    // Formats that the kernel cannot tell apart have one entry.
    const formats = [...config.formats.keys()].filter((id) => (partnerOf(config, id) ?? id) === id);
    const names = [...machines, ...formats];
    return new Map(names.map((name) => {
      const request = { host, machines: [name], flags: undefined, handler: HANDLER };
      const lines = registration({ ...request, direct: undefined }, config);
      if (!lines.ok) throw new Error(render(lines.failure));
      return [name, `${lines.value.lines.join("\n")}\n`];
    }));
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}
