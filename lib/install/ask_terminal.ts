import { output } from "../output.ts";

/** Bytes of an answer that are looked at; a line has no more. */
const ANSWER_SIZE = 4096;

/** Asks on the terminal; anything but y or yes is a no, also its end and an interruption. */
export async function askTerminal(text: string, interrupted: AbortSignal): Promise<boolean> {
  await output(2, `${text}\nInstall? [y/N] `);
  const answer = await readLine(interrupted);
  if (answer === undefined) await output(2, "\n");
  return /^\s*y(?:es)?\s*$/i.test(answer ?? "");
}

/** One line of standard input; undefined at its end, and where somebody interrupted it. */
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
