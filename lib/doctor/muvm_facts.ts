import type { Config } from "../config/config.ts";
import type { Environment } from "../environment.ts";
import type { HandlerFacts } from "../explain/handler_facts.ts";
import { failed } from "../failure.ts";
import type { Facts } from "./facts.ts";

const ENOENT = 2;

/** What muvm needs, and what of it exists. */
export async function muvmFacts(
  environment: Environment,
  { muvm, interpreters }: Config,
  told: HandlerFacts | undefined,
): Promise<Facts["muvm"]> {
  const there = (path: string) => environment.stat(path) !== "absent";
  const missing = [[muvm.path], ...muvm.required_paths].filter((group) => !group.some(there));
  const runtime = environment.variable("XDG_RUNTIME_DIR") ?? "";
  // Root never starts muvm.
  const isAsked = environment.uid() !== 0 && there(muvm.path) &&
    (told?.page_size ?? environment.pageSize()) !== muvm.page_size;
  return {
    path: muvm.path,
    interpreters: [...interpreters.values()].filter(({ use_muvm, path }) =>
      use_muvm && path.some(there)
    ).map(({ name }) => name),
    args: [...muvm.args, ...muvm.tty_args, "-e"],
    missing: missing.map((group) => group.join(" or ")),
    kvm: told?.kvm_errno ?? ENOENT,
    runtime: runtime.startsWith("/"),
    running: runtime !== "" && there(`${runtime}/krun/server`),
    help: isAsked
      ? await environment.askMuvm(muvm.path)
      : failed({ code: "internal", what: "ask muvm", why: "it is not needed" }),
  };
}
