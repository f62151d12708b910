/** The layers' tables → the configuration, with defaults. */
import { MACHINES } from "../../lib/elf/machines.ts";
import { byteText } from "../routes/byte_text.ts";
import { isName, isValid } from "./values.ts";

/** A variable is set, set if the caller has none, or removed. */
export type Use = "always" | "unless set" | "never";

export interface Interpreter {
  readonly name: string;
  readonly path: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly (readonly [name: string, value: string, use: Use])[];
  readonly machines: readonly string[];
  readonly linkage: string;
  readonly sysroot: readonly string[];
  /** One path of each group is required. */
  readonly required_paths: readonly (readonly string[])[];
  /** Additional groups for dynamic programs. */
  readonly dynamic_required_paths: readonly (readonly string[])[];
  readonly use_muvm: boolean;
}

export interface Muvm {
  readonly path: string;
  readonly page_size: number;
  readonly args: readonly string[];
  readonly tty_args: readonly string[];
  readonly forward_env: boolean;
  readonly never_forward: readonly string[];
  readonly required_paths: readonly (readonly string[])[];
}

export interface Format {
  readonly extension: string | undefined;
  readonly magic: string;
  readonly mask: string;
  readonly offset: number;
  readonly clr: boolean;
  readonly interpreter: readonly string[];
}

/** One path of a rule. */
export interface Rule {
  readonly id: string;
  readonly path: string;
  readonly interpreter: readonly string[];
  readonly layer: number;
}

export interface Configuration {
  readonly defaults: readonly string[];
  readonly machines: ReadonlyMap<string, readonly string[]>;
  readonly interpreters: ReadonlyMap<string, Interpreter>;
  readonly muvm: Muvm;
  readonly formats: ReadonlyMap<string, Format>;
  readonly rules: readonly Rule[];
}

/** One key's value in one layer. */
interface Said {
  readonly layer: number;
  readonly section: string;
  /** "" in [defaults] and [muvm]. */
  readonly id: string;
  readonly key: string;
  readonly value: unknown;
}

/** The last value of each key of a table, and the highest layer with one. */
interface Entry {
  readonly values: Readonly<Record<string, unknown>>;
  readonly layer: number;
}

type Table = Readonly<Record<string, unknown>>;

const MACHINE_NAMES = MACHINES.map(({ name }) => name);

export function isMachine(name: string): boolean {
  return MACHINE_NAMES.includes(name);
}

export function configuration(layers: readonly Table[]): Configuration {
  const said = knownNames(validValues(layers));
  const { interpreter = [] } = entries(said, "defaults").get("")?.values ?? {};
  return {
    defaults: list(interpreter),
    machines: mapped(entries(said, "machines"), ({ interpreter }) => list(interpreter)),
    interpreters: mapped(entries(said, "interpreters"), interpreterOf),
    muvm: muvmOf(entries(said, "muvm").get("")?.values ?? {}),
    formats: mapped(entries(withChoices(said), "formats"), formatOf),
    rules: [...entries(said, "binaries")].flatMap(([id, entry]) => rulesOf(id, entry)),
  };
}

export function validValues(layers: readonly Table[]): Said[] {
  return layers.flatMap((sections, layer) =>
    tablesIn(sections).flatMap(([section, tables]) => {
      const hasIds = section !== "defaults" && section !== "muvm";
      const named = hasIds
        ? tablesIn(tables).filter(([id]) => isName(id))
        : [["", tables] as const];
      return named.flatMap(([id, table]) =>
        Object.entries(table).filter(([key, value]) => isValid(section, key, value))
          .map(([key, value]) => ({ layer, section, id, key, value }))
      );
    })
  );
}

/** The entries of a table that are tables. */
function tablesIn(table: Table): [string, Table][] {
  return Object.entries(table).filter((entry): entry is [string, Table] =>
    typeof entry[1] === "object" && entry[1] !== null && !Array.isArray(entry[1]) &&
    !(entry[1] instanceof Date)
  );
}

/** Leaves out impossible tables and unknown names. */
function knownNames(all: readonly Said[]): Said[] {
  const ids = (section: string, key?: string) =>
    all.filter((said) => said.section === section && (key === undefined || said.key === key))
      .map(({ id }) => id);
  const interpreters = ids("interpreters", "path");
  const kinds = [...MACHINE_NAMES, ...ids("formats")];
  return all.flatMap((said) => {
    if (said.section === "machines" && !isMachine(said.id)) return [];
    if (said.section === "formats" && isMachine(said.id)) return [];
    const known = said.key === "interpreter"
      ? interpreters
      : said.key === "machines"
      ? kinds
      : undefined;
    if (known === undefined) return [said];
    const named = [said.value].flat() as string[];
    const left = named.filter((name) => known.includes(name));
    return left.length === 0 && named.length > 0 ? [] : [{ ...said, value: left }];
  });
}

/** The tables of a section by ID, merged key by key. */
function entries(all: readonly Said[], section: string): ReadonlyMap<string, Entry> {
  const here = all.filter((said) => said.section === section);
  return new Map(here.map(({ id }) => {
    const own = here.filter((said) => said.id === id);
    const values = Object.fromEntries(own.map(({ key, value }) => [key, value]));
    return [id, { values, layer: Math.max(...own.map(({ layer }) => layer)) }];
  }));
}

/** The meaning of each table, unless it is undefined. */
function mapped<T>(
  entries: ReadonlyMap<string, Entry>,
  meaning: (values: Table, id: string) => T | undefined,
): Map<string, T> {
  return new Map([...entries].flatMap(([id, { values }]) => {
    const found = meaning(values, id);
    return found === undefined ? [] : [[byteText(id), found] as const];
  }));
}

/** A text or a list of texts, as a list. */
function list(value: unknown): string[] {
  return ([value].flat() as string[]).map(byteText);
}

function groups(value: unknown): string[][] {
  return (value as unknown[]).map(list);
}

function interpreterOf(values: Table, id: string): Interpreter | undefined {
  if (values.path === undefined) return undefined;
  // FEXInterpreter is FEX's former name.
  const path = list(values.path).flatMap((each) =>
    each.endsWith("/FEXInterpreter") ? [each, each.slice(0, -"Interpreter".length)] : [each]
  );
  return {
    name: byteText((values.name ?? id) as string),
    path: [...new Set(path)],
    args: list(values.args ?? ["{program}"]),
    env: Object.entries(values.env ?? {}).map(([name, value]) => variableOf(name, value)),
    machines: values.machines === undefined ? machinesByPath(path) : list(values.machines),
    linkage: (values.linkage ?? "both") as string,
    sysroot: list(values.sysroot ?? []),
    required_paths: groups(values.required_paths ?? []),
    dynamic_required_paths: groups(values.dynamic_required_paths ?? []),
    use_muvm: (values.use_muvm ?? false) as boolean,
  };
}

function variableOf(name: string, value: unknown): [string, string, Use] {
  if (value === false) return [name, "", "never"];
  if (typeof value === "string") return [name, byteText(value), "always"];
  return [name, byteText((value as { default: string }).default), "unless set"];
}

/** The machine of a path that ends in qemu-MACHINE or qemu-MACHINE-static. */
export function machineOfPath(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return MACHINE_NAMES.find((machine) =>
    name === `qemu-${machine}` || name === `qemu-${machine}-static`
  );
}

function machinesByPath(paths: readonly string[]): readonly string[] {
  if (paths.some((path) => path.includes("{machine}"))) return MACHINE_NAMES;
  return paths.flatMap((path) => machineOfPath(path) ?? ["x86_64", "i386"]);
}

function muvmOf(values: Table): Muvm {
  return {
    path: byteText((values.path ?? "/usr/bin/muvm") as string),
    page_size: (values.page_size ?? 4096) as number,
    args: list(values.args ?? ["-i"]),
    tty_args: list(values.tty_args ?? ["-t"]),
    forward_env: (values.forward_env ?? true) as boolean,
    never_forward: list(values.never_forward ?? []),
    required_paths: groups(values.required_paths ?? []),
  };
}

/** Undefined for a format without magic and extension, or with both. */
function formatOf(values: Table): Format | undefined {
  const magic = bytesOf(values.magic);
  const mask = bytesOf(values.mask);
  const offset = (values.offset ?? 0) as number;
  if ((values.extension === undefined) === (magic === undefined)) return undefined;
  if (magic !== undefined && mask !== undefined && mask.length !== magic.length) return undefined;
  if (magic !== undefined && offset + magic.length > 256) return undefined;
  return {
    extension: values.extension as string | undefined,
    magic: magic ?? "",
    mask: mask ?? "\xff".repeat(magic?.length ?? 0),
    offset,
    clr: (values.clr ?? false) as boolean,
    interpreter: list(values.interpreter ?? []),
  };
}

const TELLING = ["extension", "magic", "mask", "offset"];

/** A layer's extension or magic replaces those of lower layers, unless the result is invalid. */
function withChoices(all: readonly Said[]): Said[] {
  const tells = ({ section, key }: Said) => section === "formats" && TELLING.includes(key);
  const formats = new Set(all.filter(tells).map(({ id }) => id));
  const chosen = [...formats].flatMap((id) => {
    let best: Said[] = [];
    for (const layer of new Set(all.map(({ layer }) => layer))) {
      const own = all.filter((said) => tells(said) && said.id === id && said.layer === layer);
      const alone = own.some(({ key }) => key === "extension" || key === "magic");
      const lower = best.filter(({ key }) => !alone && !own.some((said) => said.key === key));
      const values = Object.fromEntries([...lower, ...own].map(({ key, value }) => [key, value]));
      const empty = values.magic === undefined && values.extension === undefined;
      if (empty || formatOf(values) !== undefined) best = [...lower, ...own];
    }
    return best;
  });
  return [...all.filter((said) => !tells(said)), ...chosen];
}

/** Bytes as binfmt.d writes them. */
function bytesOf(value: unknown): string | undefined {
  return (value as string | undefined)?.replaceAll(
    /\\(?:x(..)|\\)/g,
    (_, hex) => hex === undefined ? "\\" : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** The rules of a table; none without a path or an interpreter. */
function rulesOf(id: string, { values, layer }: Entry): Rule[] {
  if (values.path === undefined || values.interpreter === undefined) return [];
  const interpreter = list(values.interpreter);
  if (interpreter.length === 0) return [];
  return list(values.path).map((path) => ({ id: byteText(id), path, interpreter, layer }));
}
