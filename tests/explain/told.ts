/** The handler's answer to `tell` on an imaginary system. */
import { MACHINES } from "../../lib/elf/machines.ts";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { HANDLER } from "../../lib/paths.ts";

export interface Entry {
  readonly name: string;
  readonly enabled?: boolean;
  /** The handler by default. */
  readonly interpreter?: string;
  readonly flags?: string;
  /** As the kernel shows it; by default the magic of the machine whose entry has the name. */
  readonly telling?: string;
}

export interface System {
  /** The newest first; undefined: binfmt_misc is not mounted. */
  readonly entries?: readonly (string | Entry)[] | undefined;
  readonly status?: string;
  readonly pageSize?: number | undefined;
  readonly kvmErrno?: number;
  /** Kind, name and value of other facts; by default there is a table. */
  readonly facts?: readonly (readonly [string, string, string])[];
}

export const TABLE = ["table", "/run/binfmt-dispatcher/routes-3", ""] as const;

/** An emulator's own entries: `qemu-x86_64` has the magic of `binfmt-dispatcher-x86_64`. */
function tellingOf(name: string): string {
  const own = `binfmt-dispatcher-${name.replace(/^(binfmt-dispatcher|qemu)-/, "")}`;
  const found = MACHINES.flatMap(machineEntries).find((entry) => entry.name === own);
  if (found === undefined || !("magic" in found.telling)) return "extension .none\n";
  const { magic, mask } = found.telling;
  return `offset 0\nmagic ${magic.toHex()}\nmask ${mask.toHex()}\n`;
}

export function told(system: System) {
  const { entries, status = "enabled", pageSize = 4096, kvmErrno = 0, facts = [TABLE] } = system;
  const shown = entries?.map((entry) => {
    const { name, enabled = true, interpreter = HANDLER, flags = "POF", telling }: Entry =
      typeof entry === "string" ? { name: entry } : entry;
    const state = enabled ? "enabled" : "disabled";
    const text = `${state}\ninterpreter ${interpreter}\nflags: ${flags}\n`;
    return ["binfmt_misc", name, text + (telling ?? tellingOf(name))];
  });
  const all = [
    ["AT_PAGESZ", "", `${pageSize}`],
    ["kvm", "", `${kvmErrno}`],
    ["no_new_privs", "", "0"],
    ...(shown === undefined ? [] : [...shown, ["binfmt_misc", "status", `${status}\n`]]),
    ...facts,
  ];
  return new TextEncoder().encode(all.flat().map((word) => `${word}\0`).join(""));
}
