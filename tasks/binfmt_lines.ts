/** The binfmt.d lines that packages ship, for all machines and formats. */
import { registration } from "../lib/binfmt/registration.ts";
import { loadConfig } from "../lib/config/load.ts";
import { MACHINES, NATIVE } from "../lib/elf/machines.ts";
import { render } from "../lib/failure.ts";
import { HANDLER } from "../lib/paths.ts";
import { RealEnvironment } from "../lib/real_environment.ts";
import { partnerOf } from "../lib/routes/targets.ts";

/** The text for each machine and format that a host can register, by name. */
export function binfmtLines(host: string): Map<string, string> {
  // Use what is built in: this machine's own configuration must not matter.
  const { config } = loadConfig(new RealEnvironment("/nonexistent", { host }), { user: false });
  const machines = MACHINES.map(({ name }) => name).filter((name) => !NATIVE[host]?.includes(name));
  // Formats that the kernel cannot tell apart share one entry.
  const formats = [...config.formats.keys()].filter((id) => (partnerOf(config, id) ?? id) === id);
  return new Map([...machines, ...formats].map((name) => {
    const request = { host, machines: [name], flags: undefined, handler: HANDLER };
    const lines = registration({ ...request, direct: undefined }, config);
    if (!lines.ok) throw new Error(render(lines.failure));
    return [name, `${lines.value.lines.join("\n")}\n`];
  }));
}
