/** What the kernel does with a program, as far as it lets us see. */
import { formatEntry, machineEntries } from "../binfmt/entries.ts";
import type { Config } from "../config/config.ts";
import { MACHINES, NATIVE } from "../elf/machines.ts";
import type { Environment } from "../environment.ts";
import type { Program } from "../start/decision.ts";

const BINFMT_MISC = "/proc/sys/fs/binfmt_misc";
const MAX_ENTRIES = 1024;
/** Files that are no entries. */
const CONTROLS = ["register", "status"];

export interface Kernel {
  /** It runs such programs itself, unless an entry takes them. */
  readonly native: boolean;
  /** Is there a binfmt_misc? Undefined: it was not looked at (another root), or may not be. */
  readonly binfmt_misc: boolean | undefined;
  /** The name of our entry for such programs. */
  readonly entry: string | undefined;
  readonly registered: boolean;
  /** Entries of others, by name: to read what they say takes more permissions than we have. */
  readonly others: readonly string[];
}

/** Is our entry for such a program there, and what else is? */
export function askKernel(
  environment: Environment,
  config: Config,
  program: Pick<Program, "name" | "linkage" | "kind"> | undefined,
): Kernel {
  const host = NATIVE[environment.machine()] ?? [];
  const native = program?.linkage !== undefined && host.includes(program.name);
  const entry = program === undefined ? undefined : entryName(config, program);
  const nothing = { native, entry, registered: false, others: [] };
  if (environment.root !== "") return { ...nothing, binfmt_misc: undefined };
  const listed = environment.list(BINFMT_MISC, MAX_ENTRIES);
  // Newer versions of Deno show nothing of /proc to a program without all permissions.
  if (listed === "unreadable") return { ...nothing, binfmt_misc: undefined };
  const names = listed === "absent" ? [] : listed;
  if (!names.includes("status")) return { ...nothing, binfmt_misc: false };
  const others = names.filter((name) => !CONTROLS.includes(name) && name !== entry);
  const registered = entry !== undefined && names.includes(entry);
  return { native, binfmt_misc: true, entry, registered, others };
}

/** A machine's entry with the magic by which the program was recognised, or the format's. */
function entryName(
  config: Config,
  { name, linkage, kind }: Pick<Program, "name" | "linkage" | "kind">,
) {
  if (linkage === undefined) return formatEntry(name, config)?.name;
  const machine = MACHINES.find((machine) => machine.name === name);
  const index = machine?.magics.findIndex(({ magic }) => magic.toHex() === kind.magic.toHex()) ?? 0;
  return machine === undefined ? undefined : machineEntries(machine)[Math.max(0, index)]?.name;
}
