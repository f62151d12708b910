import { failed, type Failure, findRendered, success } from "../failure.ts";
import { RESOLVER } from "../paths.ts";
import type { CommandLine } from "./command_line.ts";
import { type Installed, installPackages } from "./install_packages.ts";
import { installCommand } from "./install_words.ts";
import { lastLines } from "./managers/last_lines.ts";
import { needText } from "./need.ts";
import type { Offer } from "./offer.ts";
import { type Ran, runCommand, type RunOptions } from "./run_command.ts";
import { TerminalAgent } from "./terminal_agent.ts";

export const PKEXEC = "/usr/bin/pkexec";

/** pkexec(1): the user dismissed the dialog; authorisation failed, or an error occurred. */
const DISMISSED = 126;
const NOT_AUTHORISED = 127;

/** 128 + SIGINT: Ctrl-C at the password prompt. */
const INTERRUPTED = 130;

/** The command that installs as root; it takes the packages from the system configuration. */
export function privilegedCommand({ lacking: { need } }: Offer): CommandLine {
  return { path: PKEXEC, args: [RESOLVER, "privileged-install", needText(need)] };
}

/** Installs what is offered: directly as root, otherwise through pkexec. */
export async function installAsRoot(
  offer: Offer,
  root: boolean,
  options: RunOptions,
): Promise<Installed> {
  if (root) return await installPackages(offer.packages, offer.found, options.output);
  const what = `install ${offer.lacking.name}`;
  // If standard input is a terminal, ask for the password there.
  const agent = options.reads ? await TerminalAgent.start() : undefined;
  const ran = await runCommand(privilegedCommand(offer), options, what);
  await agent?.end();
  if (!ran.ok) return { result: failed(unprivileged(offer, what, ran.failure.why)), printed: "" };
  const { status, printed } = ran.value;
  if (status === 0) return { result: success(undefined), printed };
  const rendered = findRendered(printed);
  const failure = failureOf(offer, what, ran.value, rendered?.told);
  return { result: failed(failure), printed: rendered?.before ?? printed };
}

/** `told`: the message of `privileged-install`; undefined if it was already shown. */
function failureOf(
  offer: Offer,
  what: string,
  { status, printed }: Ran,
  told: Partial<Failure> | undefined,
): Failure {
  if (status === DISMISSED || status === INTERRUPTED) {
    return { code: "declined", what, why: "authentication was cancelled" };
  }
  if (status !== NOT_AUTHORISED) {
    const why = "the package manager failed, as shown above";
    return { code: "not-installed", what, why, ...told };
  }
  const [line] = lastLines(printed, 1);
  const because = line === undefined ? "" : ` (${line})`;
  return unprivileged(offer, what, `pkexec could not obtain root privileges${because}`);
}

function unprivileged({ packages, found }: Offer, what: string, why: string): Failure {
  const command = installCommand(found.manager.name, packages.map(({ name }) => name));
  return { code: "not-installed", what, why, hint: `As root: ${command}` };
}
