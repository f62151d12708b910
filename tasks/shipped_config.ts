/** The layer that packages ship as /usr/lib/binfmt-dispatcher.d/00-default.toml, for each host. */
import { ROOT } from "./start.ts";

export const HOSTS = ["aarch64", "x86_64"] as const;

/** The layers of all hosts, which are built into the program: lib/config/built_in.ts. */
export async function builtInConfig(): Promise<string> {
  const texts = HOSTS.map(async (host) => [host, await shippedConfig(host)] as const);
  return `${JSON.stringify(Object.fromEntries(await Promise.all(texts)), null, 2)}\n`;
}

/** The text of config/HOST.toml: the host's own part, then the common part. */
export async function shippedConfig(host: typeof HOSTS[number]): Promise<string> {
  const part = (name: string) => Deno.readTextFile(`${ROOT}/config/parts/${name}.toml`);
  return `#:schema ./schema.json
# What binfmt-dispatcher ships for ${host} hosts. Made from config/parts by ./dev generate.
# Your own settings belong in /etc/binfmt-dispatcher.toml: a value there replaces the same key here.

${await part(host)}
${await part("common")}`;
}
