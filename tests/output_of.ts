/** A command's output; throws with all that it printed if it fails. */
export async function outputOf(
  [program = "", ...args]: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const output = await new Deno.Command(program, { args, stdin: "null", ...options }).output();
  const decoder = new TextDecoder();
  if (output.success) return decoder.decode(output.stdout);
  throw new Error(`${program}:\n${decoder.decode(output.stdout)}${decoder.decode(output.stderr)}`);
}
