/** All faults of the layers: on their own, for the route table, and for binfmt_misc. */
import { formatEntry } from "../binfmt/entries.ts";
import { ownFiles } from "../binfmt/own_magic.ts";
import type { Diagnostic, Effective } from "../config/config.ts";
import { keyName } from "../config/key_name.ts";
import { MAX_MAGIC_END } from "../config/limits.ts";
import type { Environment } from "../environment.ts";
import { HANDLER } from "../paths.ts";
import type { CompiledRoutes } from "../routes/compile.ts";

export async function faultsOf(
  effective: Effective,
  compiled: Pick<CompiledRoutes, "refused">,
  environment: Environment,
): Promise<Diagnostic[]> {
  return [
    ...await effective.diagnostics(),
    ...await refusedRules(effective, compiled),
    ...await ownFormats(effective, environment),
  ];
}

/** Rules that the route table has to do without, as diagnostics of their layers. */
async function refusedRules(
  effective: Effective,
  { refused }: Pick<CompiledRoutes, "refused">,
): Promise<Diagnostic[]> {
  return await Promise.all(refused.map(async ({ id, path, why }) => {
    const key = keyName(["binaries", id, "path"]);
    const { file = "", line = 0 } = await effective.origin(key) ?? {};
    const message = `“${path}”: ${why}, ignoring it`;
    return { severity: "error", file, line, key, message, did_you_mean: undefined } as const;
  }));
}

/** Formats that nobody may register, as diagnostics of their layers. */
async function ownFormats(effective: Effective, environment: Environment): Promise<Diagnostic[]> {
  const head = environment.read(HANDLER, 0, MAX_MAGIC_END);
  const handler = typeof head === "string" ? undefined : head;
  const all = [...effective.config.formats.keys()].map(async (id) => {
    const entry = formatEntry(id, effective.config);
    const own = entry && ownFiles(entry.telling, environment.machine(), handler);
    if (own === undefined) return [];
    const key = keyName(["formats", id, "magic"]);
    const { file = "", line = 0 } = await effective.origin(key) ?? {};
    const message = `it matches ${own}, so it cannot be registered`;
    return [{ severity: "error", file, line, key, message, did_you_mean: undefined } as const];
  });
  return (await Promise.all(all)).flat();
}
