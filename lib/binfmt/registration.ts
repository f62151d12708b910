/** Makes the binfmt.d lines for a host, or says why not. */
import type { Config } from "../config/config.ts";
import { type Machine, MACHINES, NATIVE } from "../elf/machines.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { suggest } from "../suggest.ts";
import { type DirectFacts, directInterpreter } from "./direct.ts";
import { formatEntry, machineEntries } from "./entries.ts";
import { directFlags, flagsFault, flagsWarning, HANDLER_FLAGS } from "./flags.ts";
import { binfmtLine, type Entry } from "./line.ts";
import { ownFiles } from "./own_magic.ts";

export interface Request {
  /** x86_64 or aarch64. */
  readonly host: string;
  /** Machines and formats; if empty, the host's default. */
  readonly machines: readonly string[];
  readonly flags: string | undefined;
  readonly handler: string;
  /** Its first bytes, if it exists. */
  readonly handlerHead?: Uint8Array;
  /** With these facts, entries name the interpreters themselves; without, the handler. */
  readonly direct: DirectFacts | undefined;
}

export interface Registration {
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** The machines that are registered by default, by host. */
export const REGISTERED_BY_DEFAULT: ReadonlyMap<string, readonly string[]> = new Map([
  ["aarch64", ["x86_64", "i386"]],
  ["x86_64", []],
]);

/** All lines, or the first fault. Formats come from the configuration, if any. */
export function registration(request: Request, config: Config | undefined): Result<Registration> {
  const defaults = REGISTERED_BY_DEFAULT.get(request.host);
  if (defaults === undefined) return failed(unknownHost(request.host));
  const names = request.machines.length > 0 ? request.machines : defaults;
  if (names.length === 0) {
    const why = `${request.host} hosts have no default machines`;
    const hint = "Name a machine: binfmt-dispatcher binfmt --machine aarch64";
    return failed({ code: "usage", what: "print lines", why, hint });
  }
  const { direct } = request;
  const asked = request.flags;
  const fault = asked === undefined ? undefined : flagsFault(asked, direct !== undefined);
  if (fault !== undefined) return failed(fault);
  const lines: string[] = [];
  const warnings = [asked ?? ""].flatMap((flags) => flagsWarning(flags) ?? []);
  for (const name of new Set(names)) {
    const entries = entriesFor(name, request, config);
    if (!entries.ok) return entries;
    const named = direct === undefined || config === undefined
      ? success({ interpreter: request.handler, lost: [] })
      : directInterpreter(name, config, direct);
    if (!named.ok) return named;
    const { interpreter, lost } = named.value;
    const flags = asked ?? (direct === undefined ? HANDLER_FLAGS : directFlags(interpreter));
    if (lost.length > 0) warnings.push(`an entry cannot set ${lost.join(" ")} for ${interpreter}`);
    for (const entry of entries.value) {
      const line = binfmtLine(entry, interpreter, flags);
      if (!line.ok) return line;
      if (!lines.includes(line.value)) lines.push(line.value);
    }
  }
  return success({ lines, warnings });
}

/** A machine's or format's entries; refuses those that would take programs of the host. */
export function entriesFor(
  name: string,
  { host, handlerHead }: Pick<Request, "host" | "handlerHead">,
  config: Config | undefined,
): Result<Entry[]> {
  const what = `register “${name}”`;
  const machine = MACHINES.find((machine) => machine.name === name);
  if (machine !== undefined && NATIVE[host]?.includes(name)) {
    const why = name === host
      ? "it is the host's own machine: all its programs would go to the handler, and " +
        "the handler to itself"
      : `${host} kernels run ${name} programs natively`;
    return failed({ code: "refused", what, why });
  }
  if (machine !== undefined) return success(machineEntries(machine));
  const entry = config === undefined ? undefined : formatEntry(name, config);
  if (entry === undefined) return failed(unknown(name, what, config));
  const own = ownFiles(entry.telling, host, handlerHead);
  if (own === undefined) return success([entry]);
  return failed({ code: "refused", what, why: `its magic matches ${own}: nothing would start` });
}

function unknown(name: string, what: string, config: Config | undefined): Failure {
  const byOtherName = ({ debian, gnu }: Machine) => debian === name || gnu.split("-")[0] === name;
  const known = [...MACHINES.map(({ name }) => name), ...config?.formats.keys() ?? []];
  const near = MACHINES.find(byOtherName)?.name ?? suggest(name, known);
  const hint = near === undefined
    ? "“binfmt-dispatcher enable” lists all machines and formats."
    : `Did you mean “${near}”?`;
  return { code: "usage", what, why: "no such machine or format", hint };
}

function unknownHost(host: string): Failure {
  const why = `the host must be one of ${Object.keys(NATIVE).join(", ")}`;
  return { code: "usage", what: `print lines for “${host}”`, why };
}
