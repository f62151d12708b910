import type { HandlerFacts } from "../explain/handler_facts.ts";
import { type Finding, unknown } from "./check.ts";
import type { Facts } from "./facts.ts";

/** The handler's facts, if it could read the kernel's entries. */
export function entriesSeen({ told }: Facts["handler"]): HandlerFacts | undefined {
  return told?.enabled === undefined ? undefined : told;
}

/** The finding if the entries could not be read. */
export function unseen({ unseen }: Facts["handler"]): Finding {
  return unknown(
    `the kernel's entries could not be read: ${unseen ?? "binfmt_misc is not mounted"}`,
  );
}
