/**
 * The incumbent, the crate that AsahiLinux/binfmt-dispatcher publishes, built by cargo if that is
 * installed.
 */
import { say } from "../say.ts";
import { capture, ROOT } from "../start.ts";

const CRATE = "binfmt-dispatcher@0.1.2";
const KEPT = `${ROOT}/.cache/${CRATE.replace("@", "-")}`;

/** Its path, or undefined if it cannot be built. */
export async function findIncumbent(): Promise<string | undefined> {
  const program = `${KEPT}/bin/binfmt-dispatcher`;
  if ((await capture(["test", "-x", program])).success) return program;
  if (!(await capture(["cargo", "--version"])).success) {
    say("Skipping the incumbent: cargo is not installed");
    return undefined;
  }
  say(`Building ${CRATE} for comparison`);
  const { success, text } = await capture(["cargo", "install", "--locked", "--root", KEPT, CRATE]);
  if (success) return program;
  say(`Skipping the incumbent: cargo cannot install ${CRATE}:\n${text}`);
  return undefined;
}
