/** The interpreter that an entry can name itself, if all programs get the same one. */
import type { Config } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import { failed, type Result, success } from "../failure.ts";
import { decide } from "../start/decide.ts";
import type { Command, Decision } from "../start/decision.ts";
import type { Facts } from "../start/facts.ts";
import { type Sample, sampleOf } from "../start/sample.ts";
import { ANY_LOADER, sampleFacts } from "../start/sample_facts.ts";

/** The compiled system configuration, and what exists. */
export interface DirectFacts {
  readonly table: Uint8Array;
  readonly environment: Environment;
}

export interface Direct {
  /** Its absolute path. */
  readonly interpreter: string;
  /** Its variables, which an entry cannot set: `NAME=value`. */
  readonly lost: readonly string[];
}

const PROGRAM_NAME = "argv0";
const decoder = new TextDecoder();

/**
 * The interpreter of both static and dynamic programs of the machine, or of the format's files. It
 * is decided for root, for whom muvm is never used: an entry cannot name two programs.
 */
export function directInterpreter(
  name: string,
  config: Config,
  facts: DirectFacts,
): Result<Direct> {
  const what = `register an interpreter for “${name}”`;
  const samples = [sampleOf(config, name), sampleOf(config, name, ANY_LOADER)];
  const found: Direct[] = [];
  for (const sample of samples) {
    const direct = sample === undefined
      ? failed({
        code: "refused",
        what,
        why: "binfmt_misc alone cannot recognise such programs",
      })
      : directFor(sample, what, facts);
    if (!direct.ok) return direct;
    found.push(direct.value);
  }
  const [first, second] = found.map(({ interpreter }) => interpreter);
  if (first === second) return success(found[0]!);
  const why =
    `${first} runs static programs and ${second} dynamic ones, but an entry names only one`;
  return failed({ code: "refused", what, why, hint: WITHOUT_DIRECT });
}

const WITHOUT_DIRECT = "Without --direct, the handler chooses for each program.";

function directFor(sample: Sample, what: string, facts: DirectFacts): Result<Direct> {
  const decision = decide(facts.table, factsOf(sample, facts.environment));
  if (!decision.ok) return decision;
  const { command, failure } = decision.value;
  if (failure !== undefined || command === undefined) {
    const code = failure?.code ?? "no-interpreter";
    return failed({ code, what, why: whyNone(decision.value) });
  }
  const lost = lostArguments(command, sample.path);
  if (lost.length === 0) {
    const interpreter = decoder.decode(command.argv[0]);
    return success({ interpreter, lost: command.added.map((each) => decoder.decode(each)) });
  }
  const why =
    `${decoder.decode(command.argv[0])} needs the arguments ${lost.join(" ")}, which an ` +
    "entry cannot pass";
  return failed({ code: "refused", what, why, hint: WITHOUT_DIRECT });
}

/** A start by root without variables. */
function factsOf(sample: Sample, environment: Environment): Facts {
  const argv0 = new TextEncoder().encode(PROGRAM_NAME);
  return { ...sampleFacts(sample, environment), argv0, euid: 0, env: [] };
}

function whyNone({ failure, candidates }: Decision): string {
  if (failure?.code !== "no-interpreter") return failure?.why ?? "";
  const missing = candidates.flatMap(({ requirements }) =>
    requirements.filter(({ found }) => found === undefined).map(({ paths }) => paths.join(" or "))
  );
  const which = missing.length === 0 ? "" : `: ${[...new Set(missing)].join(", ")} is missing`;
  return failure.why + which;
}

/**
 * Arguments except the program, those that flag P replaces in qemu (-0 and --; linux-user/main.c),
 * and its default sysroot.
 */
function lostArguments({ argv }: Command, program: string): string[] {
  const args = argv.slice(1).map((each) => decoder.decode(each)).join("\0");
  const known = ["-L\0/\0", `-0\0${PROGRAM_NAME}\0`, "--\0"];
  const rest = known.reduce((left, each) => left.replace(each, ""), args);
  return rest === program ? [] : rest.split("\0").filter((each) => each !== program);
}
