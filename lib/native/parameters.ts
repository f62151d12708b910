import { inRange } from "./in_range.ts";
import type { Variable } from "./language.ts";

/** Throws if a procedure has more than `most` parameters, or one of them twice. */
export function checkParameters(
  name: string,
  parameters: readonly Variable[],
  most: number,
): void {
  inRange(`number of parameters of procedure “${name}”:`, parameters.length, 0, most);
  if (new Set(parameters).size === parameters.length) return;
  throw new TypeError(`Cannot write procedure “${name}”: it has a parameter twice`);
}

/** Throws if the number of arguments is wrong. */
export function checkArguments(called: string, taken: number, given: number): void {
  if (given === taken) return;
  throw new TypeError(`Cannot call ${called}: it takes ${taken} arguments, not ${given}`);
}
