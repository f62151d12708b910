import type { Environment } from "../environment.ts";
import { failed, type Result, success } from "../failure.ts";
import { HANDLER } from "../paths.ts";
import { type HandlerFacts, readHandlerFacts } from "./handler_facts.ts";

/** Asks the handler for what Deno may not read. Another root has no running kernel. */
export function askHandler(
  paths: readonly string[],
  environment: Environment,
): Result<HandlerFacts> {
  const what = `ask ${HANDLER}`;
  if (environment.root !== "") {
    return failed({ code: "internal", what, why: "another root has no kernel" });
  }
  const told = environment.askHandler(paths);
  if (!told.ok) return told;
  const facts = readHandlerFacts(told.value);
  if (facts !== undefined) return success(facts);
  return failed({ code: "internal", what, why: `${HANDLER} has another version` });
}
