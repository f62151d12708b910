/**
 * What docs/configuration.md, docs/table.md and docs/architecture.md say of a start, slowly and
 * plainly, from the layers' texts to the command line: what the route table and all that reads it
 * must agree with. It shares the table of machines, @std/toml and nothing else with the program.
 */
import { idsFor, pickedFor, tryAll } from "./candidates.ts";
import { commandOf } from "./command.ts";
import { type Configuration, configuration } from "./configuration.ts";
import { kindOf } from "./kinds.ts";
import { isOwnProgram, scriptCommand } from "./own.ts";
import { tables, userLayer } from "./layers.ts";
import { ruleFor } from "./rules.ts";
import {
  type Candidate,
  type Files,
  type Outcome,
  type Reason,
  type Told,
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

/** What becomes of a start, where these layers are. */
export function specification(files: Files): (world: World) => Told {
  const known = new Map<string, Configuration>();
  return (world) => {
    const user = userLayer(world);
    const key = user !== undefined && files.has(user) ? `${world.euid} ${user}` : "";
    const config = known.get(key) ?? configuration(tables(files, user, world.euid));
    known.set(key, config);
    return decide(config, world);
  };
}

function decide(config: Configuration, world: World): Told {
  const kind = kindOf(config, world);
  const nothing = { kind, rule: undefined, candidates: [] };
  const script = scriptCommand(config, world, kind);
  if (script !== undefined) return { ...nothing, kind: undefined, outcome: script };
  if (isOwnProgram(config, world)) {
    const { argv0, args, env } = world;
    return { ...nothing, outcome: { argv: [argv0, ...args], env: [...env] } };
  }
  if (kind === undefined) return { ...nothing, outcome: end("not a program") };
  if (world.built.damaged) return { ...nothing, kind: undefined, outcome: end("damaged program") };
  const match = ruleFor(config, world);
  const matched = match?.rule;
  const rule = match && { id: match.rule.id, path: match.rule.path, by_links: match.by_links };
  const override = variable(world, "BINFMT_DISPATCHER_INTERPRETER") || undefined;
  if (override !== undefined && !config.interpreters.has(override)) {
    return { ...nothing, rule, outcome: end("unknown override") };
  }
  const picked = override === undefined ? undefined : pickedFor(config, override, kind, world);
  const ids = picked ?? idsFor(config, matched, kind, world);
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

/** Nobody may execute what muvm would start in its machine: that is as if it were missing. */
function isThere({ verdict, muvm }: Candidate): boolean {
  return verdict === "not executable" && muvm === undefined;
}

function end(reason: Reason): Outcome {
  return { status: STATUS[reason], reason };
}
