/** All faults of the layers: in themselves, for the route table, and for binfmt_misc. */
import { formatEntry } from "../binfmt/entries.ts";
import { ownFiles } from "../binfmt/own_magic.ts";
import type { Diagnostic, Effective } from "../config/config.ts";
import { keyName } from "../config/key_name.ts";
import { MAX_MAGIC_END } from "../config/limits.ts";
import type { Environment } from "../environment.ts";
import { HANDLER } from "../paths.ts";
import type { CompiledRoutes } from "../routes/compile.ts";

export function faultsOf(
  effective: Effective,
  compiled: Pick<CompiledRoutes, "refused">,
  environment: Environment,
): Diagnostic[] {
  return [
    ...effective.diagnostics(),
    ...refusedRules(effective, compiled),
    ...ownFormats(effective, environment),
  ];
}

/** Rules that the route table lacks, as diagnostics of their layers. */
function refusedRules(
  effective: Effective,
  { refused }: Pick<CompiledRoutes, "refused">,
): Diagnostic[] {
  return refused.map(({ id, path, why }) => {
    const message = `“${path}”: ${why}, ignoring it`;
    return errorAt(keyName(["binaries", id, "path"]), message, effective);
  });
}

/** Formats that must not be registered, as diagnostics of their layers. */
function ownFormats(effective: Effective, environment: Environment): Diagnostic[] {
  const head = environment.read(HANDLER, 0, MAX_MAGIC_END);
  const handler = typeof head === "string" ? undefined : head;
  return [...effective.config.formats.keys()].flatMap((id): Diagnostic[] => {
    const entry = formatEntry(id, effective.config);
    const own = entry && ownFiles(entry.telling, environment.machine(), handler);
    if (own === undefined) return [];
    const message = `it matches ${own}, so it cannot be registered`;
    return [errorAt(keyName(["formats", id, "magic"]), message, effective)];
  });
}

function errorAt(key: string, message: string, effective: Effective): Diagnostic {
  const { file = "", line = 0 } = effective.origin(key) ?? {};
  return { severity: "error", file, line, key, message, did_you_mean: undefined };
}
