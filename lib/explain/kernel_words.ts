/** Says what the kernel gives such programs to, and why that is not binfmt-dispatcher. */
import { HANDLER, RESOLVER } from "../paths.ts";
import { printable } from "../printable.ts";
import type { ReportedEntry } from "./kernel.ts";
import { switchOn } from "./kernel_commands.ts";
import { OSRELEASE } from "./oldest_kernel.ts";
import type { Report } from "./report.ts";

/** Names shown of other entries. */
const SHOWN = 8;

export function kernelWords(report: Report): string[] {
  const old = report.diagnostics.filter(({ file }) => file === OSRELEASE);
  return [...old.map(({ message }) => printable(message)), ...entryWords(report)];
}

/** What is known of the kernel and of one kind of program. */
export type KernelView = Pick<Report, "kernel" | "unseen"> & {
  readonly kind: Pick<Report["kind"], "name">;
  readonly host: Pick<Report["host"], "root">;
};

/** What gets such programs, then the faults of each entry of binfmt-dispatcher. */
export function entryWords(report: KernelView): string[] {
  const { native, binfmt_misc, enabled, entries, taken } = report.kernel;
  const name = printable(report.kind.name ?? "");
  const kind = name === "" ? "such files" : `${name} programs`;
  const own = native ? [`runs ${kind} natively`] : [];
  if (report.host.root !== "") return own;
  if (binfmt_misc === undefined) {
    const why = printable(report.unseen ?? "");
    return [...own, `binfmt_misc, AT_PAGESZ and the route table could not be read: ${why}`];
  }
  const winner = entries.find((entry) => entry.name === taken);
  const wrong = entries.filter((entry) => entry !== winner).flatMap((entry) => {
    const words = entryFault(entry, winner, report);
    return words === undefined ? [] : [words];
  });
  if (winner !== undefined) return [winnerWords(winner, kind), ...wrong];
  if (native) return own;
  if (report.kernel.entry === undefined) return [];
  if (!binfmt_misc) {
    return ["has no binfmt_misc mounted: it runs no foreign programs", register(name)];
  }
  if (enabled === false) {
    return [
      "gives no program to any interpreter: binfmt_misc is disabled",
      `to enable it: ${switchOn("status")}`,
    ];
  }
  return [
    `does not give ${kind} to binfmt-dispatcher; ${othersWords(report)}`,
    ...(wrong.length > 0 ? wrong : [register(name)]),
  ];
}

function register(name: string): string {
  return `to register it: binfmt-dispatcher enable ${name}`;
}

function winnerWords({ name, interpreter, ours, usable }: ReportedEntry, kind: string): string {
  const entry = `${printable(name)} in binfmt_misc`;
  const gone = usable ? "" : ", which is missing: programs fail with “No such file”";
  if (ours) return `gives ${kind} to binfmt-dispatcher (${entry})${gone}`;
  if (interpreter === RESOLVER) {
    return `gives ${kind} to ${RESOLVER} (${entry})${gone}, which has to start the handler first`;
  }
  return `gives this program to ${printable(interpreter)} (${entry})${gone}`;
}

/** Why an entry does not take the program that it should. */
function entryFault(
  { name, enabled, interpreter, matches, ours }: ReportedEntry,
  winner: ReportedEntry | undefined,
  { kernel }: KernelView,
): string | undefined {
  if (!ours && name !== kernel.entry) return undefined;
  const shown = printable(name);
  if (!ours) return `${shown} names ${printable(interpreter)}, not ${HANDLER}`;
  if (!enabled) return `${shown} is disabled: ${switchOn(name)}`;
  if (!matches) return `${shown} does not match this program's magic or extension`;
  // The newest entry wins; a second entry of binfmt-dispatcher is no fault.
  if (winner === undefined || winner.ours) return undefined;
  return `${shown} is overridden by ${printable(winner.name)}, which was registered later`;
}

function othersWords({ kernel: { entries, others } }: KernelView): string {
  const all = [...entries.map(({ name }) => name), ...others];
  const more = all.length > SHOWN ? `, and ${all.length - SHOWN} more` : "";
  return all.length === 0
    ? "nothing is registered in binfmt_misc"
    : `binfmt_misc has: ${printable(all.slice(0, SHOWN).join(", "))}${more}`;
}
