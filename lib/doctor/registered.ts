/** Checks what is registered, by binfmt-dispatcher and by others, and what should be. */
import { pathMachine } from "../config/path_machine.ts";
import { BINFMT_MISC, switchOn } from "../explain/kernel_commands.ts";
import { entryWords } from "../explain/kernel_words.ts";
import type { KernelEntry } from "../explain/handler_facts.ts";
import type { ReportedEntry } from "../explain/kernel.ts";
import { HANDLER, RESOLVER } from "../paths.ts";
import { shellQuote } from "../shell_quote.ts";
import { bad, check, type Finding, good, warning } from "./check.ts";
import { entriesSeen, unseen } from "./entries_seen.ts";
import type { EntryView, Facts } from "./facts.ts";
import { targetOf } from "./targets.ts";

/** FEX looks for both by name: Source/Tools/FEXInterpreter. */
const FEX_ENTRIES = ["FEX-x86", "FEX-x86_64"];
const STAYS = "which stays in memory beside each program, as in older versions";
const NOTHING_WANTED = "no machine is enabled";

/** The command that registers a machine or format, now and at boot. */
function enable(target: string): string {
  return `binfmt-dispatcher enable ${target}`;
}

function unregister(entry: string): string {
  return `echo -1 >${BINFMT_MISC}/${shellQuote(entry)}`;
}

export const wanted = check(["wanted", "config"], ({ wanted, config: { config } }) => {
  if (wanted.length === 0) return [warning(NOTHING_WANTED, enable("MACHINE"))];
  return wanted.map(({ file, state, entry, interpreter }) => {
    if (state === "masked") return good(`${file} masks a file of binfmt-dispatcher`);
    if (state === "dangling") {
      return bad(`${file} is a dangling link`, `rm ${shellQuote(file)}`);
    }
    if (interpreter === RESOLVER) {
      return warning(`${file} names ${RESOLVER}, ${STAYS}`, `rm ${shellQuote(file)}`);
    }
    if (targetOf(entry ?? "", config) === undefined) {
      const seen = `${file} registers ${entry}, which matches no known machine or format`;
      return warning(seen, `rm ${shellQuote(file)}`);
    }
    return good(`${file} registers ${entry}`);
  });
});

export const entries = check(["handler", "entries"], ({ handler, entries }) => {
  if (entriesSeen(handler) === undefined) return [unseen(handler)];
  if (entries.length === 0) {
    return [warning(`${NOTHING_WANTED}, and none is registered`, enable("MACHINE"))];
  }
  return entries.map(ofEntry);
});

function ofEntry(view: EntryView): Finding {
  const { entry, target, kernel } = view;
  const [first = "", ...details] = entryWords(view);
  const seen = `${target}: the kernel ${first}`;
  const winner = kernel.entries.find(({ name }) => name === kernel.taken);
  if (winner?.ours && winner.usable) return { ...good(seen), details };
  // If binfmt_misc is disabled, its own check says what to do.
  if (kernel.enabled !== true) return bad(seen);
  if (winner?.interpreter === RESOLVER) return { ...warning(seen, enable(target)), details };
  const own = kernel.entries.find(({ name }) => name === entry);
  const isDisabled = own?.ours === true && !own.enabled && winner === undefined;
  return { ...bad(seen, isDisabled ? switchOn(entry) : enable(target)), details };
}

export const registration = check(["handler", "entries"], ({ handler, entries }) => {
  const told = entriesSeen(handler);
  if (told === undefined) return [unseen(handler)];
  const old = told.entries.filter(({ interpreter }) => interpreter === RESOLVER);
  const findings = [
    ...old.map(({ name }) => warning(`${name} names ${RESOLVER}, ${STAYS}`, unregister(name))),
    ...told.entries.filter((each) => isStray(each, entries)).map(({ name }) =>
      warning(`${name} names ${HANDLER}, but matches no known machine or format`, unregister(name))
    ),
    ...ownEntries(entries).map(({ entry, target }) => flagsOf(entry, target, handler)),
  ];
  return findings.length > 0 ? findings : [good("binfmt-dispatcher has no entries")];
});

/** An entry of the handler without a known machine or format. */
function isStray({ name, interpreter }: KernelEntry, entries: readonly EntryView[]): boolean {
  return interpreter === HANDLER && !entries.some(({ entry }) => entry === name);
}

/** The existing entries of binfmt-dispatcher, each with its target. */
function ownEntries(entries: readonly EntryView[]) {
  return entries.flatMap(({ entry, target, kernel }) => {
    const own = kernel.entries.find(({ name }) => name === entry);
    return own?.ours ? [{ entry: own, target }] : [];
  });
}

function flagsOf(
  { name, flags, interpreter, usable }: ReportedEntry,
  target: string,
  { told, file }: Facts["handler"],
): Finding {
  const again = enable(target);
  if (flags.includes("C")) {
    return bad(
      `${name} has flag C: interpreters of set-user-ID programs get their privileges`,
      again,
    );
  }
  if (!flags.includes("P")) {
    return bad(`${name} lacks flag P: programs do not get their own argv[0]`, again);
  }
  if (!usable) return bad(`${name} names ${interpreter}, which is missing`, again);
  if (!flags.includes("O")) {
    return good(`${name} has flags ${flags}: unreadable programs do not run`);
  }
  const since = told?.since.get(name);
  const isOlder = since !== undefined && typeof file === "object" && since < Math.floor(file.ctime);
  if (flags.includes("F") && isOlder) {
    const seen = `${name} was registered before ${HANDLER} was replaced: the kernel uses the old`;
    return warning(`${seen} one (flag F)`, again);
  }
  return good(`${name} has flags ${flags}`);
}

export const competitors = check(["handler", "entries"], ({ handler, entries }) => {
  const told = entriesSeen(handler);
  if (told === undefined) return [unseen(handler)];
  const findings = entries.flatMap((view) => rivals(view, told.fallbacks));
  return findings.length > 0 ? findings : [good("there are none")];
});

/** Other entries that match the same programs, and the effect in containers. */
function rivals({ entry, target, kernel }: EntryView, fallbacks: readonly string[]): Finding[] {
  const all = kernel.entries;
  const winner = all.findIndex(({ name }) => name === kernel.taken);
  const isOurs = all[winner]?.ours === true;
  // Entries that name the resolver are of older versions.
  const others = all.filter(({ ours, matches, interpreter }) =>
    !ours && matches && interpreter !== RESOLVER
  );
  const carried = fallbacks.find((name) => pathMachine(name) === target);
  const inside = isOurs ? inContainer(all[winner]!, others, carried) : [];
  return [
    ...others.map((each): Finding => {
      const seen = `${each.name} (${each.interpreter}) takes ${entry}'s programs`;
      if (!each.enabled) return good(`${seen}, but is disabled`);
      if (all.indexOf(each) > winner && winner >= 0) return good(`${seen}, but has lower priority`);
      return bad(`${seen} first`, enable(target));
    }),
    ...inside,
  ];
}

/** Containers have neither handler, table nor interpreter, but flag F works there. */
function inContainer(
  { name, flags }: ReportedEntry,
  others: readonly ReportedEntry[],
  carried: string | undefined,
): Finding[] {
  const served = others.filter((each) => each.enabled && each.flags.includes("F"));
  if (served.length === 0) return [];
  const names = served.map((each) => each.name).join(", ");
  if (!flags.includes("F")) {
    const seen = `${name} lacks flag F and takes precedence over ${names}, which has it`;
    return [bad(`${seen}: nothing starts in containers`, "Register it with flags POF")];
  }
  if (carried !== undefined) return [good(`${name} embeds ${carried} for containers`)];
  const seen = `${name} takes precedence over ${names}, which worked in containers`;
  return [
    warning(`${seen}: there the handler finds no route table and no interpreter`, unregister(name)),
  ];
}

export const fex = check(["handler", "fex"], ({ handler, fex }) => {
  if (fex.length === 0) return [good("FEX is not installed")];
  const told = entriesSeen(handler);
  if (told === undefined) return [unseen(handler)];
  const missing = FEX_ENTRIES.filter((each) => !told.entries.some(({ name }) => name === each));
  if (missing.length === 0) return [good(`${FEX_ENTRIES.join(" and ")} are registered`)];
  const seen = `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not registered`;
  return [warning(`${seen}: FEX starts child processes itself`)];
});
