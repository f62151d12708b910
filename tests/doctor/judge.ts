/** Runs one check on the facts that matter to a test. */
import type { Check } from "../../lib/doctor/check.ts";
import type { Facts } from "../../lib/doctor/facts.ts";

/** Facts as far as a test gives them. */
type Part<T> = T extends readonly unknown[] | Uint8Array | ReadonlyMap<unknown, unknown> ? T
  : T extends object ? { readonly [Key in keyof T]?: Part<T[Key]> }
  : T;

/** Each finding as `state: what was seen`, and its commands after `->`. */
export function judge<Needed extends keyof Facts>(
  { judge }: Check<Needed>,
  facts: { readonly [Key in keyof Facts]?: Part<Facts[Key]> },
): string[] {
  return judge(facts as unknown as Pick<Facts, Needed>).map(({ state, seen, commands = [] }) =>
    [`${state}: ${seen}`, ...commands].join(" -> ")
  );
}
