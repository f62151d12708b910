import { inRange } from "./in_range.ts";
import type { Variable } from "./language.ts";

/** Throws unless a procedure can have these parameters: `most` at most, each once. */
export function checkParameters(
  name: string,
  parameters: readonly Variable[],
  most: number,
): void {
  inRange(`number of parameters of procedure “${name}”:`, parameters.length, 0, most);
  if (new Set(parameters).size === parameters.length) return;
  throw new TypeError(`Cannot write procedure “${name}”: a parameter is there twice`);
}

/** Throws unless what is called is given as many arguments as it takes. */
export function checkArguments(called: string, taken: number, given: number): void {
  if (given === taken) return;
  throw new TypeError(`Cannot call ${called}: it takes ${taken} arguments, not ${given}`);
}
