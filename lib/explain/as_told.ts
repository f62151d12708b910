/** Decides starts, with the help of the handler, which sees what Deno may not look at. */
import type { Environment } from "../environment.ts";
import type { Result } from "../failure.ts";
import { decide } from "../start/decide.ts";
import type { Decision } from "../start/decision.ts";
import type { Facts } from "../start/facts.ts";
import { askHandler } from "./ask_handler.ts";
import type { HandlerFacts } from "./handler_facts.ts";

export interface DecidedAsTold {
  readonly facts: Facts;
  readonly decision: Result<Decision>;
}

export interface AsTold {
  /** Undefined if the handler could not be asked; then `unseen` says why. */
  readonly told: HandlerFacts | undefined;
  readonly unseen: string | undefined;
  /** One for each of the facts, in their order. */
  readonly starts: readonly DecidedAsTold[];
}

/** Decides starts by a table. Asks the handler once, about `paths` and what the starts execute. */
export function decideAsTold(
  table: Uint8Array,
  all: readonly Facts[],
  paths: readonly string[],
  environment: Environment,
): AsTold {
  const likely = all.map((facts) => ({ facts, decision: decide(table, facts) }));
  const executed = likely.flatMap(({ decision }) => decision.ok ? executedBy(decision.value) : []);
  const asked = askHandler([...new Set([...paths, ...executed])], environment);
  if (!asked.ok) return { told: undefined, unseen: asked.failure.why, starts: likely };
  const told = asked.value;
  const starts = likely.map((start) => {
    if (agree(start.facts, told)) return start;
    const facts = asTold(start.facts, told);
    return { facts, decision: decide(table, facts) };
  });
  return { told, unseen: undefined, starts };
}

/** Every file that the candidates would execute. */
function executedBy({ candidates }: Decision): string[] {
  return candidates.flatMap(({ candidate: { muvm }, requirements }) =>
    [requirements[0]?.found, muvm].filter((path) => path !== undefined)
  );
}

/** Does the handler see the same as the facts that decided? */
function agree(facts: Facts, { page_size, kvm_errno, refused }: HandlerFacts): boolean {
  return facts.page_size === page_size && facts.kvm_errno === kvm_errno && refused.length === 0;
}

/** The facts as the handler sees them: a file's mode does not show access lists or noexec. */
function asTold(facts: Facts, { page_size, kvm_errno, refused }: HandlerFacts): Facts {
  const executable = (path: Uint8Array) =>
    facts.executable(path) && !refused.includes(new TextDecoder().decode(path));
  return { ...facts, page_size, kvm_errno, executable };
}
