import { output } from "../output.ts";
import { HANDLER } from "../paths.ts";
import { installAsRoot } from "./as_root.ts";
import type { Asker } from "./asker.ts";
import { runCommand } from "./run_command.ts";

/** Bytes of an answer; a terminal's line has no more. */
const ANSWER_SIZE = 4096;

/** Asks on the terminal, where the package manager runs visibly. */
export function terminalAsker(root: boolean, interrupted: AbortSignal): Asker {
  return {
    ask: ({ text, yes }) => askTerminal(`${text}\n${yes}? [y/N] `, interrupted),
    install: async (offer) => {
      const output = root ? "kept and shown" : "inherited";
      return (await installAsRoot(offer, root, { output, reads: true })).result;
    },
    done: async (text) => {
      await output(2, `binfmt-dispatcher: ${text}\n`);
    },
    failed: async () => {},
  };
}

/**
 * Anything but y or yes means no, including end of file and an interruption. Keys typed before the
 * question are discarded.
 */
async function askTerminal(text: string, interrupted: AbortSignal): Promise<boolean> {
  await discardInput();
  await output(2, text);
  const answer = await readLine(interrupted);
  if (answer === undefined) await output(2, "\n");
  return /^\s*y(?:es)?\s*$/i.test(answer ?? "");
}

/** The handler does this, because Deno has no ioctl(2). */
async function discardInput(): Promise<void> {
  const command = { path: HANDLER, args: ["discard-input"] };
  await runCommand(command, { output: "kept", reads: true }, "read an answer");
}

/** One line of standard input; undefined at end of file or if interrupted. */
export async function readLine(interrupted: AbortSignal): Promise<string | undefined> {
  return await Promise.race([read(), ended(interrupted)]);
}

async function read(): Promise<string | undefined> {
  const bytes = new Uint8Array(ANSWER_SIZE);
  const n = await Deno.stdin.read(bytes);
  return n === null ? undefined : new TextDecoder().decode(bytes.subarray(0, n));
}

function ended(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
