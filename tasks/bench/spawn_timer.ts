import { capture, ROOT } from "../start.ts";

export interface Timed {
  /** Nanoseconds, sorted. */
  readonly times: readonly number[];
}

/** The value below which this share of the sorted times lies, in nanoseconds. */
export function quantile({ times }: Timed, share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
}

/** Compiles the timer with gcc; its path. */
export async function buildTimer(folder: string): Promise<string> {
  const timer = `${folder}/spawn_timer`;
  const source = `${ROOT}/tasks/bench/spawn_timer.c`;
  const { success, text } = await capture(["gcc", "-O2", "-Wall", "-Wextra", "-o", timer, source]);
  if (!success) throw new Error(`Cannot compile ${source}: ${text}`);
  return timer;
}

/** Starts each command as often as there are rounds, interleaved; the results in their order. */
export async function timeCommands(
  timer: string,
  rounds: number,
  commands: readonly (readonly string[])[],
): Promise<Timed[]> {
  const argv = commands.flatMap((command, index) => index === 0 ? command : ["--", ...command]);
  const { success, stdout } = await new Deno.Command(timer, {
    args: [String(rounds), ...argv],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot time ${commands.join(" | ")}`);
  return new TextDecoder().decode(stdout).trimEnd().split("\n").map((line) => ({
    times: line.split(" ").map(Number).sort((a, b) => a - b),
  }));
}
