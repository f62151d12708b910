import { loadConfig } from "../config/load.ts";
import type { Environment } from "../environment.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { OBSTACLE, obstacleWords } from "../handler/decide/muvm.ts";
import { NOTHING, startProcess } from "../start_process.ts";
import type { Outcome } from "./answer.ts";

const WHAT = "start muvm's virtual machine";
const SLEEP = "/usr/bin/sleep";

/** In milliseconds; tests have less time. */
const PATIENCE = {
  /** Between two attempts. */
  pause: 100,
  /** For as long attempts may fail: somebody else's machine may be booting or ending. */
  failing: 3_000,
  /** For as long our machine may boot. */
  booting: 50_000,
};

/**
 * `vm start`: has muvm run a program that does nothing for as long as [muvm] linger says, until one
 * is taken by a machine that is up: a machine lives until its first program has ended and no other
 * is left (muvm's guest/server.rs). Nothing else tells that it is up: its socket takes connections
 * before its server does. Whichever attempt comes first becomes the machine.
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

/** Programs that muvm was asked to run. */
class Attempts {
  readonly #path: string;
  readonly #args: readonly string[];
  /** Until then an attempt may fail. */
  readonly #hopeful: number;
  /** Those that did not end, the oldest first: the machine, and one that asks for it. */
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

  /** Asks once more, unless the one that asked before still waits. */
  add(): Result<void> {
    if (this.#alive.size === 2) return success(undefined);
    const child = startProcess(this.#path, this.#args, NOTHING, WHAT);
    if (!child.ok) return child;
    const { value } = child;
    // The machine outlives us.
    value.unref();
    this.#alive.add(value);
    value.status.then((status) => this.#end(value, status));
    return success(undefined);
  }

  #end(child: Deno.ChildProcess, { success, code }: Deno.CommandStatus): void {
    const [oldest] = this.#alive;
    this.#alive.delete(child);
    // One that is not the oldest may have failed because the oldest, the machine, still boots.
    const hopeless = oldest === child && performance.now() > this.#hopeful;
    if (success) this.verdict = "up";
    else if (hopeless) this.verdict ??= `${this.#path} exited with status ${code}`;
    if (this.verdict !== undefined) this.#wake();
  }

  /** Waits for a verdict, so many milliseconds at most. */
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
