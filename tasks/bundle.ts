/**
 * The program as one JavaScript file: for machines that `deno compile` has no runtime for, where
 * `deno run` starts it.
 */
import { capture, ROOT } from "./start.ts";

/** Writes it; returns what went wrong, if anything. */
export async function bundle(output: string): Promise<string | undefined> {
  const options = ["--quiet", "--frozen", "--config", `${ROOT}/deno.json`];
  const argv = [Deno.execPath(), "bundle", ...options, "--output", output, `${ROOT}/main.ts`];
  const { success, text } = await capture(argv);
  return success ? undefined : text;
}
