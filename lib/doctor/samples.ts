/** Decides the starts of sample programs, one or two for each target. */
import { usualLoader } from "../elf/c_library.ts";
import { readElf } from "../elf/header.ts";
import type { Effective } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import { decideAsTold, type DecidedAsTold } from "../explain/as_told.ts";
import type { HandlerFacts, PathFacts } from "../explain/handler_facts.ts";
import { makeReport } from "../explain/report.ts";
import type { CompiledRoutes } from "../routes/compile.ts";
import { type Sample, sampleOf } from "../start/sample.ts";
import { sampleFacts } from "../start/sample_facts.ts";
import type { Sampled } from "./facts.ts";

/** An executable program without privileges of its own. */
const PATH_FACTS: PathFacts = { errno: 0, noexec: false, capabilities: false };

export interface Sampling {
  readonly effective: Effective;
  readonly compiled: CompiledRoutes;
  readonly environment: Environment;
}

export function sampled(targets: readonly string[], sampling: Sampling): Sampled[] {
  const { effective: { config }, compiled: { table }, environment } = sampling;
  const all = targets.flatMap((target) => {
    const loader = usualLoader(target);
    const plain = sampleOf(config, target);
    const dynamic = loader === undefined ? undefined : sampleOf(config, target, loader);
    return [plain, dynamic].flatMap((sample) => {
      if (sample === undefined) return [];
      return [{ target, sample, facts: sampleFacts(sample, environment) }];
    });
  });
  const asked = decideAsTold(table, all.map(({ facts }) => facts), [], environment);
  const told = asked.told && { ...asked.told, path: PATH_FACTS };
  return all.flatMap(({ target, sample }, i) =>
    one(target, sample, asked.starts[i]!, told, sampling)
  );
}

function one(
  target: string,
  { path }: Sample,
  { facts, decision: decided }: DecidedAsTold,
  told: HandlerFacts | undefined,
  { effective, compiled, environment }: Sampling,
): Sampled[] {
  if (!decided.ok) return [];
  const decision = decided.value;
  const report = makeReport({
    gathered: {
      ...{ given: path, path, canonical: path, executable: true },
      ...{ elf: readElf(facts.read), script: undefined, facts },
    },
    effective,
    refused: compiled.refused,
    decision,
    told,
    unseen: undefined,
  }, environment);
  return [{ target, linkage: decision.program?.linkage, report, failure: decision.failure }];
}
