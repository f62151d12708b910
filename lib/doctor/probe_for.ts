import type { Config } from "../config/config.ts";
import { PROBE_END, PROBE_HEAD } from "../handler/decide/program.ts";
import { targetOf } from "./targets.ts";

/** A probe that an entry takes; undefined if the entry matches by file name. */
export function probeFor(entry: string, config: Config): Uint8Array | undefined {
  const target = targetOf(entry, config);
  if (target === undefined || target.path.includes(".")) return undefined;
  const end = new TextEncoder().encode(PROBE_END);
  const probe = new Uint8Array(PROBE_HEAD + end.length);
  probe.set(target.head.subarray(0, PROBE_HEAD));
  probe.set(end, PROBE_HEAD);
  return probe;
}
