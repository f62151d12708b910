/** A program as one JavaScript file for `deno run`, where `deno compile` has no runtime. */
import { capture, ROOT } from "./start.ts";

/** Writes the file. Returns what went wrong, or undefined. */
export async function bundle(
  output: string,
  main = `${ROOT}/main.ts`,
): Promise<string | undefined> {
  const options = ["--quiet", "--frozen", "--config", `${ROOT}/deno.json`];
  const argv = [Deno.execPath(), "bundle", ...options, "--output", output, main];
  const { success, text } = await capture(argv);
  return success ? undefined : text;
}
