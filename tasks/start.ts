/** The project's directory; tasks start their programs there. */
export const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

/** Runs a program with the task's descriptors. Returns its status; 127 if it does not exist. */
export async function start(argv: readonly string[], env: Record<string, string> = {}) {
  const [program = "", ...args] = argv;
  try {
    return (await new Deno.Command(program, { args, env, cwd: ROOT }).spawn().status).code;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 127;
    throw error;
  }
}

interface Options {
  readonly env?: Record<string, string>;
  /** By default the project's directory. */
  readonly cwd?: string;
  readonly seconds?: number;
}

/** Runs a program without input. Returns its output: stdout, then stderr. */
export async function capture(
  argv: readonly string[],
  options: Options = {},
): Promise<{ readonly success: boolean; readonly text: string }> {
  const [program = "", ...args] = argv;
  const { env = {}, cwd = ROOT, seconds } = options;
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      env,
      cwd,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      ...(seconds === undefined ? {} : { signal: AbortSignal.timeout(seconds * 1000) }),
    }).output();
    const decoder = new TextDecoder();
    return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { success: false, text: `${program}: not found\n` };
    }
    throw error;
  }
}
