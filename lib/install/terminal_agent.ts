import { startProcess } from "../start_process.ts";

const PKTTYAGENT = "/usr/bin/pkttyagent";

/**
 * Asks for a password on the terminal when the started pkexec needs one. pkexec has an agent
 * of its own, but polkit before 125 takes no answer of it (“No session for cookie”), nor does
 * 127 where systemd starts its helper: that agent is root's, and the helper answers for its caller.
 *
 * A desktop's window is not asked for, though `--fallback` would do that: polkit then asks nobody
 * where there is no login session at all, as in a container or below a system service.
 */
export class TerminalAgent {
  readonly #child: Deno.ChildProcess | undefined;

  /** Settles when it can be asked; without one, pkexec must make do with its own. */
  static async start(): Promise<TerminalAgent> {
    // By default it serves its parent. It closes that descriptor when it is ready, or by its end.
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
      // It has ended by itself.
    }
    await this.#child?.status;
  }
}
