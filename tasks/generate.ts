/**
 * `./dev generate [--check]`: writes the generated files; --check only lists those that are out of
 * date.
 */
import { commandsPage } from "./commands_page.ts";
import { doctorPage } from "./doctor_page.ts";
import { jsonSchema } from "./json_schema.ts";
import { say } from "./say.ts";
import { builtInConfig, HOSTS, shippedConfig } from "./shipped_config.ts";
import { ROOT } from "./start.ts";

/** A generated file's path, and its current text. */
const GENERATORS: readonly { readonly path: string; text(): Promise<string> }[] = [
  { path: "config/schema.json", text: () => Promise.resolve(jsonSchema()) },
  { path: "docs/commands.md", text: commandsPage },
  { path: "docs/doctor.md", text: doctorPage },
  ...HOSTS.map((host) => ({ path: `config/${host}.toml`, text: () => shippedConfig(host) })),
  { path: "config/built_in.json", text: builtInConfig },
];

/** Paths of the files that are out of date; `write` updates them. */
async function outdated(write: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const { path, text } of GENERATORS) {
    const wanted = await text();
    const kept = await Deno.readTextFile(`${ROOT}/${path}`).catch(() => undefined);
    if (kept === wanted) continue;
    found.push(path);
    if (write) await Deno.writeTextFile(`${ROOT}/${path}`, wanted);
  }
  return found;
}

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  const paths = await outdated(!check);
  for (const path of paths) say(check ? `${path} is out of date: run ./dev generate` : path);
  if (check && paths.length > 0) Deno.exit(1);
}
