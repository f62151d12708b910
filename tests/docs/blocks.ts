/**
 * The code blocks of a page as one shell script, and what it must print. By language, these are
 * `sh`: commands, each of which must succeed; `console`: commands after `$` with what they print on
 * both streams, where a line `…` stands for any lines; `toml`: a layer, written to the file that
 * its first line names. Others are not run.
 */
import type { Block } from "../../tasks/markdown.ts";
import { ROOT } from "../../tasks/start.ts";

/** Precedes what a step prints; no text has it. */
const MARK = "\x1d";

interface Step {
  readonly script: string;
  /** Where a `console` command is, and what the page shows of its output. */
  readonly shown?: { readonly line: number; readonly output: string };
}

/** Commands of a `console` block, each with its output. */
function transcript({ text, line }: Block): Step[] {
  const lines = text.trimEnd().split("\n");
  const starts = lines.flatMap((each, i) => each.startsWith("$ ") ? [i] : []);
  return starts.map((at, i) => {
    const output = lines.slice(at + 1, starts[i + 1]).map((each) => `${each}\n`).join("");
    const command = lines[at]!.slice(2);
    // It may fail: what it prints is compared.
    return { script: `{ ${command}\n} || :`, shown: { line: line + at, output } };
  });
}

/** The file that a layer belongs to, as its first line names it. */
function layerPath({ text }: Block): string | undefined {
  return /^# ((?:~|\/etc)\/\S+\.toml)$/m.exec(text.split("\n")[0]!)?.[1];
}

function steps(block: Block, leaveOut: (line: string) => boolean): Step[] {
  if (block.language === "console") return transcript(block);
  if (block.language === "sh") {
    const lines = block.text.split("\n").filter((line) => !leaveOut(line));
    return [{ script: lines.join("\n") }];
  }
  const path = block.language === "toml" ? layerPath(block) : undefined;
  if (path === undefined) return [];
  // A table is not kept while a layer is younger than 20 ms.
  const script = `mkdir -p "$(dirname ${path})"
cat >${path} <<'${MARK}'
${block.text}${MARK}
sleep 0.1`;
  return [{ script }];
}

export interface Script {
  readonly text: string;
  /** How what the script has printed differs from what the page shows. */
  differences(printed: string): Difference[];
}

export interface Difference {
  /** Of the command. */
  readonly line: number;
  readonly shown: string;
  readonly printed: string;
}

/** Does the output fit what is shown, in which `…` stands for any lines? */
function fits(output: string, shown: string): boolean {
  const pattern = shown.split(/^ *…\n/m).map(RegExp.escape).join("(?:.*\\n)*");
  return new RegExp(`^${pattern}$`).test(output);
}

export function scriptOf(blocks: readonly Block[], leaveOut = (_: string) => false): Script {
  const all = blocks.flatMap((block) => steps(block, leaveOut));
  const text = all.map(({ script }, i) => `printf '\\n${MARK}%s\\n' ${i}\n${script}\n`).join("");
  return {
    text: `set -e\n${text}printf '\\n${MARK}end\\n'\n`,
    differences(printed) {
      // A script's shell gives the line of an error, which a shell at a prompt does not.
      const output = printed.replaceAll(/^(sh: )\d+: /gm, "$1");
      const parts = output.split(new RegExp(`\\n${MARK}\\w+\\n`)).slice(1, -1);
      if (parts.length !== all.length) {
        throw new Error(`A command failed:\n${printed.slice(-3000)}`);
      }
      return all.flatMap(({ shown }, i) => {
        if (shown === undefined || fits(parts[i]!, shown.output)) return [];
        return [{ line: shown.line, shown: shown.output, printed: parts[i]! }];
      });
    },
  };
}

/** What the page shows of an output: if that ended with `…`, as many lines as before. */
function abridged(printed: string, shown: string): string[] {
  const lines = printed.trimEnd().split("\n");
  return shown.endsWith("\n…\n") ? [...lines.slice(0, shown.split("\n").length - 2), "…"] : lines;
}

/** UPDATE_GOLDEN=1 writes what is printed into the page, after which nothing differs. */
export function settle(path: string, differences: readonly Difference[]): readonly Difference[] {
  if (Deno.env.get("UPDATE_GOLDEN") !== "1") return differences;
  const lines = Deno.readTextFileSync(`${ROOT}/${path}`).split("\n");
  for (const { line, shown, printed } of differences.toReversed()) {
    lines.splice(line + 1, shown.split("\n").length - 1, ...abridged(printed, shown));
  }
  Deno.writeTextFileSync(`${ROOT}/${path}`, lines.join("\n"));
  return [];
}
