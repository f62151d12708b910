import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { OBSTACLE, obstacleWords } from "../handler/decide/muvm.ts";
import { NOTHING, startProcess } from "../start_process.ts";
import type { Outcome } from "./answer.ts";

const WHAT = "start muvm's virtual machine";
const SLEEP = "/usr/bin/sleep";

/** Milliseconds; tests use less. */
const PATIENCE = {
  /** Between two attempts. */
  pause: 100,
  /** While attempts may fail: another process's machine may be booting or shutting down. */
  failing: 3_000,
  /** Until the machine must have booted. */
  booting: 50_000,
};

/**
 * `vm start`: starts sleep(1) in muvm repeatedly, until a running machine accepts it. The first
 * attempt becomes the machine, which lives until its first program has exited and no other runs
 * (muvm's guest/server.rs). Only an accepted program shows that the machine is up: its socket takes
 * connections before its server does.
 */
export async function startMachine(environment: Environment, patience = PATIENCE): Outcome {
  const obstacle = obstacleTo(environment);
  if (obstacle !== undefined) return failed(obstacle);
  const { muvm } = loadConfig(environment, { user: true }).config;
  const attempts = new Attempts(muvm.path, muvm.linger, patience.failing);
  const end = performance.now() + patience.booting;
  while (attempts.verdict === undefined && performance.now() < end) {
    const started = attempts.add();
    if (!started.ok) return started;
    await attempts.settle(patience.pause);
  }
  if (attempts.verdict === "up") return success({});
  attempts.kill();
  const why = attempts.verdict ?? "it does not answer";
  const hint = `Run it by hand to see why: ${muvm.path} -- true`;
  return failed({ code: "cannot-run", what: WHAT, why, hint });
}

function obstacleTo(environment: Environment): Failure | undefined {
  const runtime = environment.variable("XDG_RUNTIME_DIR");
  const told = { code: "cannot-run", what: WHAT } as const;
  if (environment.uid() === 0) {
    const hint = "Start it as the user who runs the programs.";
    return { ...told, why: obstacleWords(OBSTACLE.ROOT), hint };
  }
  const isThere = runtime?.startsWith("/");
  if (isThere && environment.variable("HOME") !== undefined) return undefined;
  return {
    ...told,
    why: obstacleWords(isThere ? OBSTACLE.HOME : OBSTACLE.RUNTIME),
    hint: "Start it in your login session.",
  };
}

/** The programs that muvm was asked to run. */
class Attempts {
  readonly #path: string;
  readonly #args: readonly string[];
  /** An attempt may fail before this time. */
  readonly #hopeful: number;
  /** The running ones, oldest first: the machine, and one attempt to use it. */
  readonly #alive = new Set<Deno.ChildProcess>();
  #wake = () => {};
  /** "up", or why it failed; undefined until one is known. */
  verdict: string | undefined;

  constructor(path: string, linger_s: number, failing_ms: number) {
    this.#path = path;
    // Long enough for the next program to find it.
    this.#args = ["--", SLEEP, String(Math.max(linger_s, 1))];
    this.#hopeful = performance.now() + failing_ms;
  }

  /** Makes one more attempt, unless the previous one still waits. */
  add(): Result<void> {
    if (this.#alive.size === 2) return success(undefined);
    const child = startProcess(this.#path, this.#args, NOTHING, WHAT);
    if (!child.ok) return child;
    const { value } = child;
    // The machine outlives this process.
    value.unref();
    this.#alive.add(value);
    value.status.then((status) => this.#end(value, status));
    return success(undefined);
  }

  #end(child: Deno.ChildProcess, { success, code }: Deno.CommandStatus): void {
    const [oldest] = this.#alive;
    this.#alive.delete(child);
    // Only the oldest counts: others can fail while it, the machine, still boots.
    const hopeless = oldest === child && performance.now() > this.#hopeful;
    if (success) this.verdict = "up";
    else if (hopeless) this.verdict ??= `${this.#path} exited with status ${code}`;
    if (this.verdict !== undefined) this.#wake();
  }

  /** Waits for a verdict, at most this long. */
  async settle(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    clearTimeout(timer);
  }

  kill(): void {
    for (const child of this.#alive) child.kill();
  }
}
