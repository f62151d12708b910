import type { Environment } from "../environment.ts";
import type { Facts } from "./facts.ts";
import { startFacts } from "./gather.ts";
import type { Sample } from "./sample.ts";

/** A loader that exists below each sysroot and that no real program has. */
export const ANY_LOADER = "/lib/ld-of-any-program.so";

const decoder = new TextDecoder();

/** The facts of a start of the sample by the current user. */
export function sampleFacts({ path, bytes }: Sample, environment: Environment): Facts {
  const read = (offset: number, limit: number) => bytes.subarray(offset, offset + limit);
  const facts = startFacts(environment, { given: path, path, canonical: path, read });
  return {
    ...facts,
    open: (file) => decoder.decode(file).endsWith(ANY_LOADER) ? read : facts.open(file),
  };
}
