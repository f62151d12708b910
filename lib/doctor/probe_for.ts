import type { Config } from "../config/config.ts";
import { PROBE_END } from "../handler/decide/program.ts";
import { BINPRM_BUF_SIZE } from "../handler/linux.ts";
import { targetOf } from "./targets.ts";

/** A probe that an entry takes; undefined if the entry matches by file name. */
export function probeFor(entry: string, config: Config): Uint8Array | undefined {
  const target = targetOf(entry, config);
  if (target === undefined || target.path.includes(".")) return undefined;
  const end = new TextEncoder().encode(PROBE_END);
  const probe = new Uint8Array(BINPRM_BUF_SIZE + end.length);
  probe.set(target.head.subarray(0, BINPRM_BUF_SIZE));
  probe.set(end, BINPRM_BUF_SIZE);
  return probe;
}
