import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { failed, type Failure, success } from "../failure.ts";
import { startProcess } from "../start_process.ts";
import type { Outcome } from "./answer.ts";

/** Milliseconds between two looks for the machine's server, and how many there are. */
const PAUSE_MS = 50;
const LOOKS = 1000;
const WHAT = "start muvm's virtual machine";
const SLEEP = "/usr/bin/sleep";

/**
 * `vm start`: starts muvm with a program that does nothing for as long as [muvm] linger says, and
 * waits until its server is there. A machine lives until its first program has ended and no other
 * is left (muvm's server.rs).
 */
export async function startMachine(environment: Environment): Outcome {
  const runtime = environment.variable("XDG_RUNTIME_DIR");
  if (runtime === undefined || !runtime.startsWith("/")) {
    return failed(fault("XDG_RUNTIME_DIR is not set", "Start it within your own session."));
  }
  const server = `${runtime}/krun/server`;
  const { muvm } = loadConfig(environment, { user: true }).config;
  const args = ["--", SLEEP, String(muvm.linger)];
  // A machine that died leaves its socket behind.
  const left = identity(environment, server);
  const child = startProcess(muvm.path, args, "null", WHAT);
  if (!child.ok) return child;
  child.value.unref();
  let ended: Deno.CommandStatus | undefined;
  child.value.status.then((status) => ended = status);
  for (let look = 0; look < LOOKS && ended === undefined; look++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const now = identity(environment, server);
    if (now !== undefined && now !== left) return success({});
  }
  // Where a machine was up, it took the program, and muvm had nothing more to do.
  if (ended?.success) return success({});
  const why = ended === undefined
    ? `its server ${server} did not appear`
    : `${muvm.path} ended with status ${ended.code}`;
  return failed(fault(why, `Start it by hand to see why: ${muvm.path} -- true`));
}

function identity(environment: Environment, path: string): string | undefined {
  const facts = environment.stat(path);
  return typeof facts === "string" ? undefined : facts.id;
}

function fault(why: string, hint: string): Failure {
  return { code: "cannot-run", what: WHAT, why, hint };
}
