import type { Environment } from "../environment.ts";
import { failed, type Failure, type Result } from "../failure.ts";
import { isExecutable } from "../is_executable.ts";
import { RESOLVER } from "../paths.ts";
import { SECONDS_OF_DONE } from "./dialogs/dialog_settings.ts";
import { installAsRoot } from "./as_root.ts";
import type { Asker } from "./asker.ts";
import type { CommandLine } from "./command_line.ts";
import type { DialogProgram } from "./dialogs/dialog.ts";
import { targetText } from "./need.ts";
import type { Offer } from "./offer.ts";
import { LaterProcesses } from "./later_processes.ts";
import { type Ran, runCommand } from "./run_command.ts";
import { lastLines } from "./managers/last_lines.ts";
import { TERMINAL, terminalCommand } from "./dialogs/terminal.ts";
import { CANCEL, TITLE } from "./words.ts";

const WHAT = "show a window";

/** Milliseconds after which a window that should have closed by itself is killed. */
const DONE = 1000 * (SECONDS_OF_DONE + 1);

/** Milliseconds within which a terminal that returned at once starts its command. */
const START = 10_000;

/** How many of the last lines of the package manager's output are shown. */
const LINES = 5;

/** Milliseconds between two looks at the processes. */
const PAUSE = 100;

/** Asks in windows, and runs the package manager in a new terminal if one can be opened. */
export class DisplayAsker implements Asker {
  readonly #dialog: DialogProgram;
  readonly #environment: Environment;
  readonly #interrupted: AbortSignal;
  /** Of the package manager. */
  #output = "";

  constructor(dialog: DialogProgram, environment: Environment, interrupted: AbortSignal) {
    this.#dialog = dialog;
    this.#environment = environment;
    this.#interrupted = interrupted;
  }

  async ask(question: { text: string; title: string; yes: string }): Promise<boolean> {
    const shown = await this.#show(
      this.#dialog.question({ ...question, no: CANCEL }),
      this.#interrupted,
    );
    return shown === 0;
  }

  /**
   * Shows a progress window. Closing it does not affect the terminal. Without a terminal there is
   * no way to cancel, because a package manager must not be stopped halfway.
   */
  async install(offer: Offer): Promise<Result<void>> {
    const { name } = offer.lacking;
    const over = new AbortController();
    // For packages that need a restart, only the package manager's exit status shows success.
    const { restart } = offer.found.manager;
    const terminal = !restart && isExecutable(TERMINAL, this.#environment);
    const text = `Installing ${name}…`;
    const progress = this.#dialog.progress({ title: TITLE, text, cancel: terminal });
    const shown = this.#show(progress, over.signal);
    const result = terminal
      ? await Promise.race([
        this.#inTerminal(offer),
        cancelled(name, shown),
        this.#interruption(name),
      ])
      : await this.#withoutTerminal(offer);
    over.abort();
    return result;
  }

  /** Waits for the window, so that no process remains when the program starts. */
  async done(text: string): Promise<void> {
    const command = this.#dialog.done({ title: TITLE, text });
    const signal = AbortSignal.any([AbortSignal.timeout(DONE), this.#interrupted]);
    await this.#show(command, signal);
  }

  async failed({ why, hint }: Failure): Promise<void> {
    const sentence = why[0]!.toUpperCase() + why.slice(1);
    const text = hint === undefined ? `${sentence}.` : `${sentence}.\n\n${hint}`;
    const details = lastLines(this.#output, LINES).join("\n");
    const message = { title: TITLE, text };
    const command = this.#dialog.message(details === "" ? message : { ...message, details });
    await this.#show(command, this.#interrupted);
  }

  /** If no terminal can be opened, the package manager's output is kept for the end. */
  async #withoutTerminal(offer: Offer): Promise<Result<void>> {
    const { result, printed } = await installAsRoot(offer, false, { output: "kept" });
    this.#output = printed;
    return result;
  }

  /** The exit status of the dialog; undefined if it could not be started. */
  async #show(command: CommandLine, signal: AbortSignal): Promise<number | undefined> {
    const ran = await runCommand(command, { output: "kept", signal }, WHAT);
    return ran.ok ? ran.value.status : undefined;
  }

  /**
   * Starts this program again in a terminal. Some terminals return at once, others when it exits,
   * so it is looked up among the processes. Its result is known only from the installed files.
   */
  async #inTerminal(offer: Offer): Promise<Result<void>> {
    const { need } = offer.lacking;
    const target = ["--machine", targetText(need)];
    const args = ["install", "--yes", "--hold", ...target, "--", need.interpreter];
    const later = new LaterProcesses(this.#environment);
    const command = terminalCommand({ path: RESOLVER, args });
    let returned: { readonly result: Result<Ran>; readonly at: number } | undefined;
    runCommand(command, { output: "kept" }, "open a terminal").then((result) => {
      returned = { result, at: performance.now() };
    });
    for (;;) {
      const there = later.look();
      if (returned !== undefined && !there) {
        const { result, at } = returned;
        if (!result.ok) return result;
        const hopeless = result.value.status !== 0 || performance.now() - at > START;
        if (later.seen || hopeless) return failed(shownInTerminal(offer));
      }
      await pause(PAUSE);
    }
  }

  #interruption(name: string): Promise<Result<void>> {
    const why = "it was interrupted";
    return new Promise((resolve) =>
      this.#interrupted.addEventListener(
        "abort",
        () => resolve(failed({ code: "declined", what: `install ${name}`, why })),
        { once: true },
      )
    );
  }
}

/** The failure if it is still missing after the terminal closed. */
function shownInTerminal({ lacking: { name } }: Offer): Failure {
  const why = "the reason was shown in the terminal";
  return { code: "not-installed", what: `install ${name}`, why };
}

/** Settles when the user cancels, but not if the window is hidden or cannot be shown. */
async function cancelled(name: string, shown: Promise<number | undefined>): Promise<Result<void>> {
  const status = await shown;
  if (status === undefined || status === 0) return await new Promise(() => {});
  return failed({ code: "declined", what: `install ${name}`, why: "the user did not wait for it" });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
