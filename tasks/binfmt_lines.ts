/** The files of binfmt.d: what `binfmt-dispatcher binfmt` prints. */
import { binfmt } from "../lib/commands/binfmt.ts";
import { parseCommand } from "../lib/commands/arguments.ts";
import { render } from "../lib/failure.ts";
import { RealEnvironment } from "../lib/real_environment.ts";

/** Machines of aarch64 hosts, by the file's name: those of the entries that scripts mask. */
export const BINFMT_FILES = {
  "binfmt.d/zz-binfmt-dispatcher-x86_64.conf": "x86_64",
  "binfmt.d/zz-binfmt-dispatcher-x86.conf": "i386",
} as const;

export async function binfmtLines(machine: string): Promise<string> {
  // An empty root: this machine's own configuration must not matter.
  const args = ["binfmt", "--root", "/nonexistent", "--host", "aarch64", "--machine", machine];
  const command = parseCommand(args);
  if (!command.ok || command.value.kind !== "binfmt") throw new Error("the arguments are wrong");
  const result = await binfmt(command.value, new RealEnvironment(command.value.root));
  if (!result.ok) throw new Error(render(result.failure));
  return result.value.stdout as string;
}
