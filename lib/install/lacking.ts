import type { Considered, Decision } from "../start/decision.ts";
import { cLibraryOf } from "../elf/c_library.ts";
import type { Need } from "./need.ts";

const decoder = new TextDecoder();

/** An interpreter that could run the program if what is missing were installed. */
export interface Lacking {
  readonly need: Need;
  /** For people. */
  readonly name: string;
  readonly throughMuvm: boolean;
  /** Groups of paths; no path of a group exists. */
  readonly groups: readonly (readonly string[])[];
  /** No sysroot contains the program's loader: the C library is missing. */
  readonly loader: boolean;
}

/** One entry for each interpreter, in the order of the candidates. */
export function lackingOf({ program, candidates }: Decision): Lacking[] {
  if (program === undefined) return [];
  const found = new Map<string, Lacking>();
  const loader = program.loader && decoder.decode(program.loader);
  const target = { target: program.name, library: cLibraryOf(program.name, loader) };
  for (const considered of candidates) {
    const lacking = lackingOne(considered, target);
    if (lacking === undefined) continue;
    const before = found.get(lacking.need.interpreter);
    // If an interpreter has several paths, keep the one that lacks least.
    if (before !== undefined && before.groups.length <= lacking.groups.length) continue;
    found.set(lacking.need.interpreter, lacking);
  }
  return [...found.values()];
}

function lackingOne(
  { candidate, verdict }: Considered,
  target: Omit<Need, "interpreter">,
): Lacking | undefined {
  const { id, name, muvm } = candidate;
  const need = { interpreter: id, ...target };
  const same = { need, name, throughMuvm: muvm !== undefined };
  if (verdict.kind === "missing") return { ...same, groups: verdict.groups, loader: false };
  if (verdict.kind === "no loader") return { ...same, groups: [], loader: true };
  return undefined;
}
