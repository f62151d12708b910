import { failed, type Result, success } from "./failure.ts";

/** Has its caller's descriptors and environment, or /dev/null for all three. */
export type Streams = "inherit" | "null";

/** Starts a program by its absolute path; only those that our permissions name can be. */
export function startProcess(
  path: string,
  args: readonly string[],
  streams: Streams,
  what: string,
): Result<Deno.ChildProcess> {
  const options = { args: [...args], stdin: streams, stdout: streams, stderr: streams };
  try {
    return success(new Deno.Command(path, options).spawn());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return failed({ code: "internal", what, why: `${path} is not installed` });
    }
    if (!(error instanceof Deno.errors.NotCapable)) {
      const why = error instanceof Error ? error.message : String(error);
      return failed({ code: "internal", what, why: `${path} cannot be started: ${why}` });
    }
    const ld = error.message.match(/\bLD_\w+/)?.[0];
    const why = ld === undefined
      ? `this program may not start ${path}`
      : `${ld} is set, which a program with our permissions cannot hand on`;
    const hint = `Unset it: env -u ${ld} binfmt-dispatcher …`;
    return failed({ code: "internal", what, why, ...(ld === undefined ? {} : { hint }) });
  }
}
