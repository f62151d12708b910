/** The only file that writes to stdout and stderr. */

/** Milliseconds before a non-blocking pipe that is full is tried again. */
const PAUSE = 5;

/**
 * Writes all of the content; returns the reason if that fails. A closed pipe
 * (`binfmt-dispatcher routes --dump | head`) is not a failure.
 */
export async function output(
  descriptor: 1 | 2,
  content: string | Uint8Array,
): Promise<string | undefined> {
  const stream = descriptor === 1 ? Deno.stdout : Deno.stderr;
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(stream.writeSync(rest));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return undefined;
      if (!(error instanceof Deno.errors.WouldBlock)) return wordsOf(error);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  return undefined;
}

/** The system's message: “no space left on device”. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/ \(os error \d+\)$/, "");
}
