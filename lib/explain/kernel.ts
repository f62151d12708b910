/** What the kernel does with a program: which binfmt_misc entry takes it, and who owns that. */
import { isNative } from "../start/is_native.ts";
import { formatEntry, machineEntries } from "../binfmt/entries.ts";
import { takes } from "../binfmt/takes.ts";
import type { Config } from "../config/config.ts";
import { MACHINES } from "../elf/machines.ts";
import type { Environment } from "../environment.ts";
import { HANDLER } from "../paths.ts";
import type { Program } from "../start/decision.ts";
import type { Gathered } from "../start/gather.ts";
import type { HandlerFacts, KernelEntry } from "./handler_facts.ts";

/** BINPRM_BUF_SIZE in linux/binfmts.h: what the kernel reads, with zeros after a shorter file. */
const HEAD = 256;

/** An entry that has to do with the program. */
export interface ReportedEntry extends Omit<KernelEntry, "magic" | "mask"> {
  /** Hexadecimal. */
  readonly magic: string | undefined;
  readonly mask: string | undefined;
  /** The program has its magic or extension. */
  readonly matches: boolean;
  /** It names our handler. */
  readonly ours: boolean;
  /** Its interpreter is there, or was opened when it was registered (flag F). */
  readonly usable: boolean;
}

export interface Kernel {
  /** The kernel runs such programs itself, unless an entry takes them. */
  readonly native: boolean;
  /** Whether binfmt_misc is mounted; undefined if that was not looked at. */
  readonly binfmt_misc: boolean | undefined;
  /** Whether entries are enabled as a whole. */
  readonly enabled: boolean | undefined;
  /** The name of our entry for such programs. */
  readonly entry: string | undefined;
  /** Our handler gets it. */
  readonly registered: boolean;
  /** The name of the entry that takes it: the newest enabled one that matches. */
  readonly taken: string | undefined;
  /** All that match, and the one with our entry's name; in the kernel's order, newest first. */
  readonly entries: readonly ReportedEntry[];
  /** The names of all other entries. */
  readonly others: readonly string[];
}

/** What is known of a program. */
type Asked = Pick<Program, "name" | "linkage"> & { readonly kind: Pick<Program["kind"], "magic"> };

/** What the kernel does with the program, by the handler's answer. */
export function askKernel(
  environment: Environment,
  config: Config,
  { path, facts }: Pick<Gathered, "path"> & { readonly facts: Pick<Gathered["facts"], "read"> },
  program: Asked | undefined,
  told: HandlerFacts | undefined,
): Kernel {
  const native = isNative(program, environment.machine());
  const entry = program === undefined ? undefined : entryName(config, program);
  const head = new Uint8Array(HEAD);
  head.set(facts.read(0, HEAD).subarray(0, HEAD));
  const all = (told?.entries ?? []).map((each) => reported(each, head, path, environment));
  const entries = all.filter(({ name, matches }) => matches || name === entry);
  const taken = told?.enabled === true
    ? entries.find(({ matches, enabled }) => matches && enabled)
    : undefined;
  return {
    native,
    binfmt_misc: told && told.enabled !== undefined,
    enabled: told?.enabled,
    entry,
    registered: taken?.ours === true,
    taken: taken?.name,
    entries,
    others: all.filter((each) => !entries.includes(each)).map(({ name }) => name),
  };
}

function reported(
  entry: KernelEntry,
  head: Uint8Array,
  path: string,
  environment: Environment,
): ReportedEntry {
  const { interpreter, flags } = entry;
  const there = environment.realPath(interpreter);
  return {
    ...entry,
    magic: entry.magic?.toHex(),
    mask: entry.mask?.toHex(),
    matches: takes(entry, head, path),
    ours: interpreter === HANDLER ||
      (there !== undefined && there === environment.realPath(HANDLER)),
    usable: flags.includes("F") || there !== undefined,
  };
}

/** A machine's entry with the magic by which the program was recognised, or the format's. */
function entryName(
  config: Config,
  { name, linkage, kind }: Asked,
) {
  if (linkage === undefined) return formatEntry(name, config)?.name;
  const machine = MACHINES.find((machine) => machine.name === name);
  const index = machine?.magics.findIndex(({ magic }) => magic.toHex() === kind.magic.toHex()) ?? 0;
  return machine === undefined ? undefined : machineEntries(machine)[Math.max(0, index)]?.name;
}
