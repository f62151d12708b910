/** What only the handler sees of a start's files: asked about them, then decided again. */
import type { Decision } from "../start/decision.ts";
import type { Facts } from "../start/facts.ts";
import type { HandlerFacts } from "./handler_facts.ts";

/** All that the candidates would execute. */
export function executedBy({ candidates }: Decision): string[] {
  return candidates.flatMap(({ candidate: { muvm }, requirements }) =>
    [requirements[0]?.found, muvm].filter((path) => path !== undefined)
  );
}

/** A file's mode does not tell who may execute it, nor what is mounted with noexec. */
export function asTold(facts: Facts, { page_size, kvm_errno, refused }: HandlerFacts): Facts {
  const executable = (path: Uint8Array) =>
    facts.executable(path) && !refused.includes(new TextDecoder().decode(path));
  return { ...facts, page_size, kvm_errno, executable };
}
