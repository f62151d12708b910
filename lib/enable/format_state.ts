/** The state of a machine or format: its lines, its link, and the entries that take it now. */
import { HANDLER_FLAGS } from "../binfmt/flags.ts";
import { binfmtLine, MADE_BY, type Telling } from "../binfmt/line.ts";
import { entriesFor } from "../binfmt/registration.ts";
import { takes } from "../binfmt/takes.ts";
import type { Config } from "../config/config.ts";
import { MAX_MAGIC_END } from "../config/limits.ts";
import type { Environment } from "../environment.ts";
import type { HandlerFacts, KernelEntry } from "../explain/handler_facts.ts";
import { type Result, success } from "../failure.ts";
import { HANDLER, LINES, LINKS } from "../paths.ts";
import { readText } from "../read_text.ts";
import { partnerOf } from "../routes/targets.ts";
import { decide } from "../start/decide.ts";
import type { Facts } from "../start/facts.ts";
import { sampleOf } from "../start/sample.ts";
import { ANY_LOADER, sampleFacts } from "../start/sample_facts.ts";

/** What exists in LINKS at the link's path. */
export type Link = "ours" | "none" | "mask" | "another's";

export interface FormatState {
  /** Of the machine or format. */
  readonly name: string;
  /** The lines for binfmt.d. */
  readonly lines: readonly string[];
  /** The shipped file with these lines; undefined if there is none. */
  readonly shipped: string | undefined;
  readonly link: Link;
  /** Enabled entries that take its programs, highest priority first; undefined: unknown. */
  readonly takers: readonly KernelEntry[] | undefined;
  /** The interpreter that would be chosen; undefined if none is installed. */
  readonly runner: string | undefined;
}

/** What is known of the system: its configuration as TOML and as a table, and its kernel. */
export interface Known {
  readonly environment: Environment;
  readonly config: Config;
  readonly table: Uint8Array;
  readonly told: HandlerFacts | undefined;
}

/** A Failure if the machine or format is unknown, or cannot be registered. */
export function formatState(asked: string, known: Known): Result<FormatState> {
  const { environment, config, told } = known;
  const head = environment.read(HANDLER, 0, MAX_MAGIC_END);
  const host = environment.machine();
  // Formats that the kernel cannot distinguish share one entry.
  const name = partnerOf(config, asked) ?? asked;
  const request = typeof head === "string" ? { host } : { host, handlerHead: head };
  const entries = entriesFor(name, request, config);
  if (!entries.ok) return entries;
  const lines: string[] = [];
  for (const entry of entries.value) {
    const line = binfmtLine(entry, HANDLER, HANDLER_FLAGS);
    if (!line.ok) return line;
    lines.push(line.value);
  }
  const [first] = entries.value;
  return success({
    name,
    lines,
    shipped: shippedFile(name, lines, environment),
    link: linkAt(linkPath(first!.name), environment),
    takers: told === undefined ? undefined : takersOf(first!.telling, told),
    runner: runnerOf(name, known),
  });
}

/** The path of the link for the lines whose first entry has this name. */
export function linkPath(entry: string): string {
  return `${LINKS}/zz-${entry}.conf`;
}

export function linkAt(path: string, environment: Environment): Link {
  const target = environment.readLink(path);
  if (target !== undefined) {
    if (target.startsWith(`${LINES}/`)) return "ours";
    return target === "/dev/null" ? "mask" : "another's";
  }
  const text = readText(path, environment);
  if (text === undefined) return environment.stat(path) === "absent" ? "none" : "another's";
  return text.startsWith(MADE_BY) ? "ours" : text === "" ? "mask" : "another's";
}

/** If the administrator changed a shipped format, the shipped lines do not apply. */
function shippedFile(name: string, lines: readonly string[], environment: Environment) {
  const path = `${LINES}/${name}.conf`;
  const text = readText(path, environment);
  const said = text?.split("\n").filter((line) => line.startsWith(":"));
  return said?.join("\n") === lines.join("\n") ? path : undefined;
}

function takersOf(telling: Telling, { enabled, entries }: HandlerFacts): KernelEntry[] {
  if (enabled !== true) return [];
  const head = new Uint8Array(MAX_MAGIC_END);
  if ("magic" in telling) head.set(telling.magic, telling.offset);
  const path = "extension" in telling ? `/program.${telling.extension}` : "/program";
  return entries.filter((entry) => entry.enabled && takes(entry, head, path));
}

/** The interpreter for dynamic programs, and the one for static programs if it differs. */
function runnerOf(name: string, known: Known): string | undefined {
  const [dynamic, fixed] = [ANY_LOADER, undefined].map((loader) => {
    const sample = sampleOf(known.config, name, loader);
    return sample && chosenFor(sampleFacts(sample, known.environment), known);
  });
  if (dynamic === fixed) return dynamic;
  return `${dynamic ?? "none"}, ${fixed ?? "none"} for static programs`;
}

function chosenFor(facts: Facts, { table }: Known): string | undefined {
  const decision = decide(table, facts);
  if (!decision.ok) return undefined;
  const { chosen, candidates } = decision.value;
  // Root cannot use muvm, but other users can.
  const found = chosen ?? candidates.find(({ verdict }) => verdict.kind === "muvm");
  return found?.candidate.name;
}
