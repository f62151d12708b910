import { printable } from "../../printable.ts";

/** Characters of the output that are searched: a manager can write megabytes. */
const TAIL = 64 * 1024;

/** Characters of a line that are kept. */
const WIDTH = 500;

/** ECMA-48: control sequences, command strings (titles, links) and short escapes. */
const ESCAPES =
  // deno-lint-ignore no-control-regex
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])/g;

/**
 * The last non-empty lines of an output, at most `count`, safe to print. If a line was overwritten,
 * as progress is, its last state counts.
 */
export function lastLines(output: string, count: number): readonly string[] {
  if (count <= 0) return [];
  return output.slice(-TAIL).replace(ESCAPES, "").split("\n").map(lastDrawing)
    .filter((line) => line !== "").slice(-count);
}

function lastDrawing(line: string): string {
  const drawn = line.split("\r").map((each) => each.trimEnd()).filter((each) => each !== "");
  const last = (drawn.at(-1) ?? "").replaceAll("\t", "  ");
  return printable(last.length > WIDTH ? `${last.slice(0, WIDTH)}…` : last);
}
