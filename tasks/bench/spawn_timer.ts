import { capture, ROOT } from "../start.ts";
import type { World } from "../world.ts";

/** What is timed. */
export interface Case {
  readonly name: string;
  readonly command: readonly string[];
  /** A file that is changed before each start. */
  readonly touch?: string;
  /** Milliseconds to let pass before each start. */
  readonly wait?: number;
}

/** Nanoseconds, sorted. */
export interface Timed {
  readonly passed: readonly number[];
  readonly cpu: readonly number[];
}

/** The time below which this share of the sorted times lies. */
export function quantile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
}

/** Compiles the timer with gcc; its path. */
export async function buildTimer(directory: string): Promise<string> {
  const timer = `${directory}/spawn_timer`;
  const source = `${ROOT}/tasks/bench/spawn_timer.c`;
  const { success, text } = await capture(["gcc", "-O2", "-Wall", "-Wextra", "-o", timer, source]);
  if (!success) throw new Error(`Cannot compile ${source}: ${text}`);
  return timer;
}

/**
 * Starts each command in the world once per round, interleaved; the results are in the commands'
 * order. Before that each command of `first` runs once.
 */
export async function timeCases(
  world: World,
  timer: string,
  rounds: number,
  cases: readonly Case[],
  first: readonly string[] = [],
): Promise<Timed[]> {
  const argv = cases.flatMap(({ command, touch, wait }, index) => [
    ...(index === 0 ? [] : ["--"]),
    ...(touch === undefined ? [] : ["--touch", touch]),
    ...(wait === undefined ? [] : ["--wait", String(wait)]),
    ...command,
  ]);
  // Tables are in memory, as on a real system.
  const before = ["mount -t tmpfs tmpfs /run", ...first.map((program) => `"${program}"`)];
  const script = `${before.join(" && ")} && exec "$@"`;
  const command = ["sh", "-c", script, "sh", timer, String(rounds), ...argv];
  const { status, stdout, stderr } = await world.run(command);
  if (status !== 0) throw new Error(`Cannot time: ${stderr || status}`);
  const lines = stdout.trimEnd().split("\n").map((line) =>
    line.split(" ").map(Number).sort((a, b) => a - b)
  );
  return cases.map((_, i) => ({ passed: lines[2 * i]!, cpu: lines[2 * i + 1]! }));
}
