import { defineArena } from "./arena.ts";
import { chooseCandidate } from "./candidate.ts";
import { defineVariables } from "./environment.ts";
import { explainStart } from "./debug.ts";
import { defineFallback } from "./fallback.ts";
import { defineFile } from "./file.ts";
import { findTable } from "./find_table.ts";
import { defineForward } from "./forward.ts";
import { defineGuard } from "./guard.ts";
import { findKind } from "./kind.ts";
import { defineLock } from "./lock.ts";
import { defineMessages } from "./message.ts";
import { defineNow } from "./now.ts";
import { applyOverride } from "./override.ts";
import { definePlaces } from "./places.ts";
import { defineProbes } from "./probe.ts";
import { closeProgram, openProgram } from "./program.ts";
import { defineResolver } from "./resolver.ts";
import { findRule } from "./rule.ts";
import { defineSeen } from "./seen.ts";
import { readStack } from "./stack.ts";
import { startCandidate } from "./start.ts";
import { createState, type HandlerOptions } from "./state.ts";
import { defineTable } from "./table.ts";
import { defineTableAccess } from "./table_access.ts";
import { defineTemplates } from "./template.ts";
import { defineTerminals } from "./terminals.ts";
import { defineText } from "./text.ts";
import { defineUtf8 } from "./utf8.ts";
import { defineWrapper } from "./wrapper.ts";

/**
 * Builds the handler: the ELF program that binfmt_misc starts for a foreign program, and that
 * becomes the interpreter which the route table names. docs/architecture.md follows one exec
 * through it.
 */
export function buildHandler(options: HandlerOptions): Uint8Array<ArrayBuffer> {
  const s = createState(options);
  const { code } = s;
  const text = defineText(s);
  const m = defineMessages(s, text);
  const variables = defineVariables(s);
  const file = defineFile(s, m);
  const access = defineTableAccess(s, m);
  const lock = defineLock(s, m);
  const now = defineNow(s);
  const seen = defineSeen(s, file, text);
  const table = defineTable(s, m, file, seen, access);
  const resolver = defineResolver(s, m, variables);
  const terminals = defineTerminals(s);
  const probes = defineProbes(s, m);
  const arena = defineArena(s, m);
  const utf8 = defineUtf8(s);
  const places = definePlaces(s, m, text, variables);
  const forward = defineForward(s, access, arena, utf8);
  const guard = defineGuard(s, arena, text);
  const templates = defineTemplates(s, { access, arena, places, terminals, forward, guard });

  const fallback = defineFallback(s, m, arena);

  const wrapper = defineWrapper(s, { m, text, access, places, variables, resolver, utf8, lock });

  const stack = code.variable("stack");
  code.entry(stack, () => {
    readStack(s, m, stack);
    openProgram(s, m, file, text);
    const finding = { m, file, seen, text, access, table, resolver, variables, fallback, lock };
    const caches = findTable(s, { ...finding, now, terminals });
    findKind(s, m, access, text, probes);
    closeProgram(s);
    findRule(s, m, access, text, variables);
    applyOverride(s, m, access, text, variables);
    explainStart(s, text, utf8, variables, resolver);
    const offering = { m, file, text, variables, resolver, caches, now };
    chooseCandidate(s, { m, file, text, access, templates, wrapper }, offering);
    wrapper.ready();
    startCandidate(s, m, access, arena, templates);
  });
  return code.image({ symbols: options.symbols });
}
