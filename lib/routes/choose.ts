import type { Config, Interpreter } from "../config/config.ts";
import { WHEN } from "./format.ts";
import type { Target } from "./targets.ts";

/** A possible interpreter, and for which linkage: WHEN.STATIC, WHEN.DYNAMIC or 0 for any. */
export interface Choice {
  readonly id: string;
  readonly linkage: number;
}

/**
 * Does the interpreter support a target: does its entry say so, or does the format name it?
 */
export function isMadeFor(config: Config, id: string, target: Target): boolean {
  const interpreter = config.interpreters.get(id);
  if (interpreter === undefined) return false;
  if (interpreter.machines.includes(target.name)) return true;
  return !target.elf && (config.formats.get(target.name)?.interpreter.includes(id) ?? false);
}

/**
 * The interpreters for a target, best first, given a rule's own list (none without a rule). The
 * lists are the rule's, then the machine's or format's, then for machines the default's. For each
 * linkage, the first list with any interpreter for it decides.
 */
export function chooseInterpreters(
  config: Config,
  rule: readonly string[],
  target: Target,
  canServe: (id: string) => boolean,
): Choice[] {
  const levels = target.elf
    ? [rule, config.machines.get(target.name) ?? [], config.defaults.interpreter]
    : [rule, config.formats.get(target.name)?.interpreter ?? []];
  const made = levels.map((ids) => [...new Set(ids)].filter(canServe));
  const linkageOf = (id: string) => target.elf ? config.interpreters.get(id)!.linkage : "both";
  const levelFor = (linkage: Interpreter["linkage"]) =>
    made.find((ids) => ids.some((id) => serves(linkageOf(id), linkage))) ?? [];
  const dynamic = levelFor("dynamic");
  const static_ = levelFor("static");
  const only = (ids: readonly string[], linkage: "static" | "dynamic", bit: number) =>
    ids.filter((id) => serves(linkageOf(id), linkage)).map((id) => ({ id, linkage: bit }));
  if (dynamic === static_) {
    return dynamic.map((id) => ({ id, linkage: linkageBits(linkageOf(id)) }));
  }
  return [
    ...only(dynamic, "dynamic", WHEN.DYNAMIC),
    ...only(static_, "static", WHEN.STATIC),
  ];
}

/** The condition that the interpreter itself sets. */
export function linkageBits(linkage: Interpreter["linkage"]): number {
  return linkage === "both" ? 0 : linkage === "static" ? WHEN.STATIC : WHEN.DYNAMIC;
}

function serves(made: Interpreter["linkage"], wanted: Interpreter["linkage"]): boolean {
  return made === "both" || made === wanted;
}
