/** The only file that writes to stdout and stderr. */

/** Milliseconds until a full pipe that does not block is tried again. */
const PAUSE = 5;

/**
 * Writes all of it. A reader that went away (`binfmt-dispatcher routes --dump | head`) is none of
 * our business: false, and nothing more is said.
 */
export async function output(descriptor: 1 | 2, content: string | Uint8Array): Promise<boolean> {
  const stream = descriptor === 1 ? Deno.stdout : Deno.stderr;
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(stream.writeSync(rest));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return false;
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  return true;
}
