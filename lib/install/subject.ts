import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { loaderOf } from "../elf/c_library.ts";
import { MACHINES, NATIVE } from "../elf/machines.ts";
import type { Environment } from "../environment.ts";
import { gather } from "../start/gather.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { OVERRIDE } from "../handler/decide/override.ts";
import type { Facts } from "../start/facts.ts";
import { parseTarget } from "./need.ts";
import { sampleOf } from "../start/sample.ts";
import { sampleFacts as factsOf } from "../start/sample_facts.ts";

/** What the user wants to run: a program, or any program of a machine or format. */
export interface Subject {
  /** The program as given; undefined if there is none. */
  readonly program: string | undefined;
  readonly facts: Facts;
}

/** The arguments of `install`. */
export interface Wish {
  /** An interpreter's ID, or a program. */
  readonly what: string | undefined;
  /** A machine or format. */
  readonly target: string | undefined;
  /** The handler could not start this program of that target. */
  readonly started: string | undefined;
}

/** The facts to decide on; a Failure if the arguments name nothing that exists. */
export function subjectOf(wish: Wish, environment: Environment): Result<Subject> {
  const { config } = loadConfig(environment, { user: true });
  const interpreter = config.interpreters.get(wish.what ?? "");
  const program = fromHere(wish.started) ?? (interpreter === undefined ? wish.what : undefined);
  if (program !== undefined) {
    const gathered = gather(program, environment);
    if (gathered.ok) return success({ program, facts: gathered.value.facts });
    // The handler had a descriptor of it, or it is gone by now: its target is known nevertheless.
    if (wish.started === undefined || wish.target === undefined) {
      return program.includes("/") ? gathered : failed(noSuchName(program, config));
    }
  }
  const id = interpreter === undefined ? undefined : wish.what;
  const targets = interpreter?.machines ?? MACHINES.map(({ name }) => name);
  const target = wish.target ?? usualTarget(targets, environment.machine());
  const facts = target === undefined ? undefined : sampleFacts(config, { target, id }, environment);
  if (facts !== undefined) return success({ program, facts });
  const why = target === undefined
    ? `interpreter “${id}” supports only this machine`
    : `“${target}” is neither a machine nor a format`;
  return failed({ code: "usage", what: "install an interpreter", why, hint: ALL_MACHINES });
}

/** The kernel does not search PATH. */
function fromHere(program: string | undefined): string | undefined {
  return program === undefined || program.includes("/") ? program : `./${program}`;
}

/**
 * The facts of a sample start for a machine (`arm@armel`: with this C library) or format, with this
 * interpreter picked; undefined if the target is neither.
 */
export function sampleFacts(
  config: Config,
  { target, id }: { readonly target: string; readonly id: string | undefined },
  environment: Environment,
): Facts | undefined {
  const { target: name, library } = parseTarget(target);
  const sample = sampleOf(config, name, loaderOf(library));
  if (sample === undefined) return undefined;
  const facts = factsOf(sample, environment);
  if (id === undefined) return facts;
  return { ...facts, env: [new TextEncoder().encode(`${OVERRIDE}=${id}`), ...facts.env] };
}

const ALL_MACHINES = "“binfmt-dispatcher enable” lists all machines and formats.";

function noSuchName(id: string, { interpreters }: Config): Failure {
  const known = interpreters.size === 0
    ? "no interpreter is configured"
    : `not an interpreter (${[...interpreters.keys()].sort().join(", ")})`;
  return {
    code: "usage",
    what: `install “${id}”`,
    why: `not found in PATH, and ${known}`,
    hint: `For a program in the current directory: binfmt-dispatcher install ./${id}`,
  };
}

/** Of these machines, the one that people most likely have programs for. */
function usualTarget(targets: readonly string[], host: string): string | undefined {
  const foreign = targets.filter((target) => !(NATIVE[host] ?? []).includes(target));
  const usual = ["x86_64", "aarch64", ...MACHINES.map(({ name }) => name)];
  return usual.find((target) => foreign.includes(target)) ?? foreign[0];
}
