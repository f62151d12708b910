/** The facts that the installed handler reports: lib/handler/system/tell.ts writes them. */

export interface KernelEntry {
  readonly name: string;
  readonly enabled: boolean;
  readonly interpreter: string;
  readonly flags: string;
  /** In bytes; undefined if the entry is for an extension. */
  readonly offset: number | undefined;
  readonly magic: Uint8Array | undefined;
  /** Undefined if all bits of the magic count. */
  readonly mask: Uint8Array | undefined;
  readonly extension: string | undefined;
}

/** An entry whose BPF program matches programs and chooses interpreters, new in Linux 7.3. */
export interface BpfEntry {
  readonly name: string;
  readonly enabled: boolean;
  /** The program's name. */
  readonly program: string;
}

export interface PathFacts {
  /** Why it cannot be executed: errno, or 0. */
  readonly errno: number;
  /** Its file system is mounted with noexec. */
  readonly noexec: boolean;
  /** It has file capabilities. */
  readonly capabilities: boolean;
}

export interface HandlerFacts {
  /** The format of the route tables that it reads. */
  readonly format: number;
  /** The names of the interpreters inside it. */
  readonly fallbacks: readonly string[];
  readonly page_size: number;
  /** Why the user may not open /dev/kvm: errno, or 0. */
  readonly kvm_errno: number;
  readonly no_new_privs: boolean;
  /** Whether entries are enabled as a whole; undefined if binfmt_misc is not mounted. */
  readonly enabled: boolean | undefined;
  /** Why the caller cannot register entries: errno, or 0. */
  readonly register: number;
  /** In the order in which the kernel asks them. */
  readonly entries: readonly KernelEntry[];
  /** When each entry was registered, in seconds since 1970, by name. */
  readonly since: ReadonlyMap<string, number>;
  readonly bpf: readonly BpfEntry[];
  /** The caller's valid route table. */
  readonly table: string | undefined;
  /** The directories for a table, and why each cannot hold one: errno, or 0. */
  readonly directories: readonly { readonly path: string; readonly errno: number }[];
  /** The facts of the first path. */
  readonly path: PathFacts;
  /** The paths that the caller may not execute. */
  readonly refused: readonly string[];
}

export const EACCES = 13;

/** What entry_status() in fs/binfmt_misc.c writes. */
const STATE = /^(enabled|disabled)\ninterpreter (.*)\nflags: ([A-Z]*)\n/s;
const TELLING = /(?:extension \.(.*)|offset (\d+)\nmagic ([0-9a-f]*)(?:\nmask ([0-9a-f]*))?)\n$/s;
/** The same for an entry of BPF: https://docs.kernel.org/admin-guide/binfmt-misc.html */
const BPF = /^(enabled|disabled)\nbpf (.*)\n/;
const ENTRY = new RegExp(STATE.source + TELLING.source, "s");
const decoder = new TextDecoder();

/** Parses the handler's answer; undefined if a handler of another version wrote it. */
export function readHandlerFacts(told: Uint8Array): HandlerFacts | undefined {
  const words = decoder.decode(told).split("\0");
  const facts = Array.from({ length: Math.floor(words.length / 3) }, (_, i) => {
    const [kind = "", name = "", value = ""] = words.slice(3 * i, 3 * i + 3);
    return { kind, name, value };
  });
  const all = (kind: string) => facts.filter((fact) => fact.kind === kind);
  const number = (kind: string) => Number(all(kind)[0]?.value ?? 0);
  const accesses = all("access");
  const isTold = (kind: string) => all(kind).some(({ name }) => name === accesses[0]?.name);
  const page_size = number("AT_PAGESZ");
  if (page_size === 0) return undefined;
  const files = all("binfmt_misc");
  const status = files.find(({ name }) => name === "status");
  return {
    format: number("format"),
    fallbacks: all("fallback").map(({ name }) => name),
    page_size,
    kvm_errno: number("kvm"),
    no_new_privs: number("no_new_privs") === 1,
    enabled: status && status.value === "enabled\n",
    register: number("register"),
    entries: files.flatMap(({ name, value }) => readEntry(name, value) ?? []),
    since: new Map(all("since").map(({ name, value }) => [name, Number(value)])),
    bpf: files.flatMap(({ name, value }) => {
      const [, state, program = ""] = BPF.exec(value) ?? [];
      return state === undefined ? [] : [{ name, enabled: state === "enabled", program }];
    }),
    table: all("table")[0]?.name,
    directories: all("directory").map(({ name, value }) => ({ path: name, errno: Number(value) })),
    path: {
      errno: number("access"),
      noexec: isTold("noexec"),
      capabilities: isTold("capabilities"),
    },
    refused: accesses.filter(({ value }) => Number(value) === EACCES).map(({ name }) => name),
  };
}

function readEntry(name: string, value: string): KernelEntry | undefined {
  const found = ENTRY.exec(value);
  if (found === null) return undefined;
  const [, state, interpreter = "", flags = "", extension, offset, magic, mask] = found;
  return {
    name,
    enabled: state === "enabled",
    interpreter,
    flags,
    offset: offset === undefined ? undefined : Number(offset),
    magic: magic === undefined ? undefined : Uint8Array.fromHex(magic),
    mask: mask === undefined ? undefined : Uint8Array.fromHex(mask),
    extension,
  };
}
