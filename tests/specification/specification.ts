/**
 * What docs/configuration.md, docs/table.md and docs/architecture.md say of a start, from the
 * layers' texts to the command line, written slowly and plainly. The route table and everything
 * that reads it must agree with it. It shares only the table of machines and @std/toml with the
 * program.
 */
import { idsFor, overrideFor, tryAll } from "./candidates.ts";
import { commandOf } from "./command.ts";
import { type Configuration, configuration } from "./configuration.ts";
import { kindOf } from "./kinds.ts";
import { isNativeProgram, scriptCommand } from "./own.ts";
import { tables, userLayer } from "./layers.ts";
import { ruleFor } from "./rules.ts";
import {
  type Candidate,
  type Explanation,
  type Files,
  type Outcome,
  type Reason,
  variable,
  type World,
} from "./world.ts";

const STATUS: Readonly<Record<Reason, number>> = {
  "not a program": 126,
  "damaged program": 126,
  "unknown override": 126,
  "no interpreter": 127,
  "foreign interpreter": 126,
  "not executable": 126,
};

/** Explains starts with these layers. */
export function specification(files: Files): (world: World) => Explanation {
  const known = new Map<string, Configuration>();
  return (world) => {
    const user = userLayer(world);
    const key = user !== undefined && files.has(user) ? `${world.euid} ${user}` : "";
    const config = known.get(key) ?? configuration(tables(files, user, world.euid));
    known.set(key, config);
    return decide(config, world);
  };
}

function decide(config: Configuration, world: World): Explanation {
  const kind = kindOf(config, world);
  const nothing = { kind, rule: undefined, candidates: [] };
  const script = scriptCommand(config, world, kind);
  if (script !== undefined) return { ...nothing, kind: undefined, outcome: script };
  if (isNativeProgram(config, world)) {
    const { argv0, args, env } = world;
    return { ...nothing, outcome: { argv: [argv0, ...args], env: [...env] } };
  }
  if (kind === undefined) return { ...nothing, outcome: end("not a program") };
  if (world.built.damaged) return { ...nothing, kind: undefined, outcome: end("damaged program") };
  const match = ruleFor(config, world);

  const rule = match && { id: match.rule.id, path: match.rule.path, by_links: match.by_links };
  const override = variable(world, "BINFMT_DISPATCHER_INTERPRETER") || undefined;
  if (override !== undefined && !config.interpreters.has(override)) {
    return { ...nothing, rule, outcome: end("unknown override") };
  }
  const picked = override === undefined ? undefined : overrideFor(config, override, kind, world);
  const ids = picked ?? idsFor(config, match?.rule, kind, world);
  const all = ids.flatMap((id) => tryAll(config, id, kind, world));
  const chosen = all.find(({ candidate: { verdict } }) =>
    verdict === "usable" || verdict === "foreign"
  );
  const outcome = chosen === undefined
    ? end(all.some(({ candidate }) => isThere(candidate)) ? "not executable" : "no interpreter")
    : chosen.candidate.verdict === "foreign"
    ? end("foreign interpreter")
    : commandOf(config, chosen, kind, world);
  return { kind, rule, candidates: all.map(({ candidate }) => candidate), outcome };
}

/** A candidate through muvm that may not be executed counts as missing. */
function isThere({ verdict, muvm }: Candidate): boolean {
  return verdict === "not executable" && muvm === undefined;
}

function end(reason: Reason): Outcome {
  return { status: STATUS[reason], reason };
}
