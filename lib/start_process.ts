import { failed, type Result, success } from "./failure.ts";

type Stream = "inherit" | "null" | "piped";

export interface ProcessOptions {
  readonly stdin: Stream;
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Variables over its caller's, or with clearEnv all that it has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clearEnv?: boolean;
  /** Its working directory; the caller's if undefined. */
  readonly cwd?: string;
  /** Ends it with SIGTERM. */
  readonly signal?: AbortSignal;
}

/** Inherits the caller's descriptors and environment. */
export const INHERIT: ProcessOptions = { stdin: "inherit", stdout: "inherit", stderr: "inherit" };

/** All three are /dev/null. */
export const NOTHING: ProcessOptions = { stdin: "null", stdout: "null", stderr: "null" };

/** Only what it writes to standard output counts. */
export const ALONE: ProcessOptions = { stdin: "null", stdout: "piped", stderr: "null" };

/**
 * Starts a program by its absolute path; only those that our permissions name can be. `toInstall`:
 * what to do where it is not there.
 */
export function startProcess(
  path: string,
  args: readonly string[],
  options: ProcessOptions,
  what: string,
  toInstall?: string,
): Result<Deno.ChildProcess> {
  const command = () => new Deno.Command(path, { ...options, args: [...args] }).spawn();
  return attempt(command, path, what, toInstall);
}

/**
 * What a program prints that ends by itself in good time; a Failure if its exit status is not 0:
 * then it may have printed a part.
 */
export function readProcess(
  path: string,
  args: readonly string[],
  what: string,
): Result<Uint8Array> {
  const command = () => new Deno.Command(path, { ...ALONE, args: [...args] }).outputSync();
  const output = attempt(command, path, what);
  if (!output.ok) return output;
  const { success: isWhole, signal, code, stdout } = output.value;
  if (isWhole) return success(stdout);
  const why = signal === null ? `its exit status was ${code}` : `it was ended by ${signal}`;
  return failed({ code: "internal", what, why });
}

function attempt<T>(
  command: () => T,
  path: string,
  what: string,
  toInstall?: string,
): Result<T> {
  try {
    return success(command());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      const hint = toInstall === undefined ? {} : { hint: toInstall };
      return failed({ code: "internal", what, why: `${path} is not installed`, ...hint });
    }
    if (!(error instanceof Deno.errors.NotCapable)) {
      const why = error instanceof Error ? error.message : String(error);
      return failed({ code: "internal", what, why: `${path} cannot be started: ${why}` });
    }
    const ld = error.message.match(/\bLD_\w+/)?.[0];
    const why = ld === undefined
      ? `this program may not start ${path}`
      : `${ld} is set, and this program is not permitted to pass it on`;
    const hint = `Unset it: env -u ${ld} binfmt-dispatcher …`;
    return failed({ code: "internal", what, why, ...(ld === undefined ? {} : { hint }) });
  }
}
