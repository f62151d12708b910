import { startProcess } from "../start_process.ts";

const PKTTYAGENT = "/usr/bin/pkttyagent";

/**
 * Asks for pkexec's password on the terminal. pkexec's own agent does not suffice: polkit before
 * 125 rejects its answer (“No session for cookie”), and so does 127 if systemd starts its helper,
 * since that agent runs as root and the helper answers for its caller.
 *
 * `--fallback` would prefer a desktop's window, but without a login session, as in a container or a
 * system service, polkit would then ask nobody.
 */
export class TerminalAgent {
  readonly #child: Deno.ChildProcess | undefined;

  /** Settles when the agent is ready, or cannot be started: then pkexec uses its own. */
  static async start(): Promise<TerminalAgent> {
    // It serves its parent by default, and closes the descriptor when it is ready or exits.
    const args = ["--notify-fd", "1"];
    const options = { stdin: "null", stdout: "piped", stderr: "null", cwd: "/" } as const;
    const started = startProcess(PKTTYAGENT, args, options, "ask for a password");
    if (!started.ok) return new TerminalAgent(undefined);
    for await (const _ of started.value.stdout);
    return new TerminalAgent(started.value);
  }

  private constructor(child: Deno.ChildProcess | undefined) {
    this.#child = child;
  }

  async end(): Promise<void> {
    try {
      this.#child?.kill();
    } catch {
      // It has already exited.
    }
    await this.#child?.status;
  }
}
