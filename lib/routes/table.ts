import type { Link } from "../config/config.ts";
import { failed, type Result, success } from "../failure.ts";
import {
  CANDIDATE,
  FORMAT_VERSION,
  GLOB,
  HEADER,
  HOME,
  ID,
  KIND,
  LINK,
  LIST,
  MAGIC,
  MARKER,
  MAX_TABLE_SIZE,
  PATH,
  RULE,
  SOURCE,
  WHEN,
} from "./format.ts";
import type { Kind } from "./kinds.ts";

/** Bytes with markers, without the zero byte at their end. */
export type Item = Uint8Array;

export interface TableRule {
  /** 0: no rule. */
  readonly index: number;
  readonly name: string;
  readonly choice: number;
}

/** What a path must match for a rule. */
export interface Matched {
  readonly bytes: Uint8Array;
  readonly rank: number;
}

export interface TableCandidate {
  /** WHEN bits. */
  readonly when: number;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly muvm: string | undefined;
  readonly requirements: readonly (readonly Item[])[];
  /** How many of the last groups are for dynamic programs only. */
  readonly dynamic: number;
  readonly sysroots: readonly Uint8Array[];
  readonly argv: readonly Item[];
  readonly env: readonly Item[];
  /** The command that installs what it needs. */
  readonly install: string | undefined;
}

const EMPTY = new Uint8Array();
const decoder = new TextDecoder();

/**
 * Reads a route table, which is untrusted input: `#room` checks each access. The first access
 * outside the table marks it as damaged: from then on everything reads as empty, and `settle` gives
 * a Failure.
 */
export class Table {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #damage: string | undefined;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The table, if its frame is whole: magic, version, size and trailer. */
  static read(bytes: Uint8Array): Result<Table> {
    const table = new Table(bytes);
    const size = bytes.length;
    if (size < HEADER.end + MAGIC.length || size > MAX_TABLE_SIZE) {
      table.#damaged(`it has ${size} bytes`);
    } else if (!table.#isMagic(HEADER.magic) || !table.#isMagic(size - MAGIC.length)) {
      table.#damaged(`it does not begin and end with “${MAGIC}”`);
    } else if (table.header("version") !== FORMAT_VERSION) {
      table.#damaged(`its format is version ${table.header("version")}, not ${FORMAT_VERSION}`);
    } else if (table.header("size") !== size) {
      table.#damaged(`its header says ${table.header("size")} bytes, but it has ${size}`);
    }
    return table.settle(table);
  }

  /** The value, unless the table turned out to be damaged while the value was read. */
  settle<T>(value: T): Result<T> {
    if (this.#damage === undefined) return success(value);
    return failed({
      code: "internal",
      what: "read the route table",
      why: this.#damage,
      hint: "It is a cache: delete it, and it will be rebuilt.",
    });
  }

  get damaged(): boolean {
    return this.#damage !== undefined;
  }

  get size(): number {
    return this.#bytes.length;
  }

  header(field: Exclude<keyof typeof HEADER, "magic" | "end">): number {
    return this.#number(HEADER[field]);
  }

  /** The user's configuration file it was compiled from; undefined in a system table. */
  key(): string | undefined {
    const key = this.header("key");
    return key === 0 ? undefined : this.#text(key);
  }

  sources(): string[] {
    return this.#array("sources", SOURCE.end, (at) => this.#text(this.#number(at + SOURCE.path)));
  }

  kinds(): Kind[] {
    return this.#array("kinds", KIND.end, (at) => this.kind(at));
  }

  /** The kind at an offset. */
  kind(at: number): Kind {
    const field = (name: keyof typeof KIND) => this.#number(at + KIND[name]);
    const extension = field("extension");
    const size = field("size");
    return {
      extension: extension === 0 ? undefined : this.#text(extension),
      offset: field("offset"),
      magic: this.#slice(field("magic"), size),
      mask: this.#slice(field("mask"), size),
      probe: field("probe"),
      target: field("target"),
      clr_target: field("clr_target"),
    };
  }

  neverForward(): Uint8Array[] {
    return this.#array("never_forward", 4, (at) => this.#string(this.#number(at)));
  }

  targetName(target: number): string {
    return this.#text(this.#number(this.header("target_names") + 4 * target));
  }

  rule(index: number): TableRule {
    const at = this.header("rules") + RULE.end * index;
    const name = this.#text(this.#number(at + RULE.name));
    return { index, name, choice: index === 0 ? 0 : this.#number(at + RULE.choice) };
  }

  /** The list of a choice for a target: an offset, 0 for an empty list. */
  list(choice: number, target: number): number {
    return this.#number(this.header("choices") + 4 * (choice * this.header("targets") + target));
  }

  /** Each interpreter's ID, and its list for a target. */
  ids(target: number): { readonly id: string; readonly list: number }[] {
    return this.#array("ids", ID.lists + 4 * this.header("targets"), (at) => ({
      id: this.#text(this.#number(at + ID.name)),
      list: this.#number(at + ID.lists + 4 * target),
    }));
  }

  /** The offsets of a list's candidates. */
  candidates(list: number): number[] {
    return list === 0 ? [] : this.#counted(list);
  }

  candidate(at: number): TableCandidate {
    const field = (name: keyof typeof CANDIDATE) => this.#number(at + CANDIDATE[name]);
    const muvm = field("muvm");
    const install = field("install");
    return {
      when: field("when") & (WHEN.STATIC | WHEN.DYNAMIC | WHEN.PAGES_FIT | WHEN.PAGES_DIFFER),
      name: this.#text(field("name")),
      id: this.#text(field("id")),
      path: this.#text(field("path")),
      muvm: muvm === 0 ? undefined : this.#text(muvm),
      requirements: this.#counted(field("requirements")).map((group) =>
        this.#counted(group).map((path) => this.#items(path)[0] ?? EMPTY)
      ),
      dynamic: field("dynamic"),
      sysroots: this.#counted(field("sysroots")).map((sysroot) => this.#string(sysroot)),
      argv: this.#items(field("argv")),
      env: this.#items(field("env")),
      install: install === 0 ? undefined : this.#text(install),
    };
  }

  /** Those that the rules' paths lead through. */
  links(): Link[] {
    return this.#array("links", LINK.end, (at) => ({
      path: this.#text(this.#number(at + LINK.path)),
      target: this.#text(this.#number(at + LINK.target)),
    }));
  }

  /** The exact paths and directories. */
  paths(): Matched[] {
    return this.#array("paths", PATH.end, (at) => ({
      bytes: this.#slice(this.#number(at + PATH.text), this.#number(at + PATH.size)),
      rank: this.#number(at + PATH.rank),
    })).slice(1);
  }

  /** The patterns, in order of precedence. */
  globs(): Matched[] {
    return this.#array("globs", GLOB.end, (at) => ({
      bytes: this.#slice(this.#number(at + GLOB.code), this.#number(at + GLOB.size)),
      rank: this.#number(at + GLOB.rank),
    }));
  }

  /** Paths below the home directory, by where their parts' links lead. */
  homes(): (Matched & { readonly part: Uint8Array })[] {
    return this.#array("homes", HOME.end, (at) => ({
      part: this.#string(this.#number(at + HOME.part)),
      bytes: this.#slice(this.#number(at + HOME.code), this.#number(at + HOME.size)),
      rank: this.#number(at + HOME.rank),
    }));
  }

  #damaged(why: string): void {
    this.#damage ??= why;
  }

  /** Are `size` bytes at an offset inside the table? */
  #room(offset: number, size: number): boolean {
    if (this.#damage !== undefined) return false;
    if (offset + size <= this.#bytes.length) return true;
    this.#damaged(`${size} bytes at ${offset} are out of range`);
    return false;
  }

  #number(offset: number): number {
    return this.#room(offset, 4) ? this.#view.getUint32(offset, true) : 0;
  }

  #slice(offset: number, size: number): Uint8Array {
    return this.#room(offset, size) ? this.#bytes.subarray(offset, offset + size) : EMPTY;
  }

  #isMagic(offset: number): boolean {
    return decoder.decode(this.#slice(offset, MAGIC.length)) === MAGIC;
  }

  /** The bytes before the next zero byte. */
  #string(offset: number): Uint8Array {
    if (!this.#room(offset, 1)) return EMPTY;
    const end = this.#bytes.indexOf(0, offset);
    if (end >= 0) return this.#bytes.subarray(offset, end);
    this.#damaged(`the string at ${offset} is not terminated`);
    return EMPTY;
  }

  #text(offset: number): string {
    return decoder.decode(this.#string(offset));
  }

  /** The entries of a section. */
  #array<T>(
    field: "sources" | "kinds" | "never_forward" | "ids" | "paths" | "globs" | "homes" | "links",
    size: number,
    read: (at: number) => T,
  ) {
    const first = this.header(field);
    const n = this.header(`n_${field}`);
    if (!this.#room(first, n * size)) return [];
    const found: T[] = [];
    for (let i = 0; i < n && !this.damaged; i++) found.push(read(first + i * size));
    return found;
  }

  /** A count and that many numbers. */
  #counted(at: number): number[] {
    const n = this.#number(at + LIST.n);
    const first = at + LIST.candidates;
    if (!this.#room(first, 4 * n)) return [];
    return Array.from({ length: n }, (_, i) => this.#number(first + 4 * i));
  }

  #items(at: number): Item[] {
    const items: Item[] = [];
    while (this.#room(at, 1) && this.#bytes[at] !== MARKER.END) {
      const item = this.#string(at);
      items.push(item);
      at += item.length + 1;
    }
    return items;
  }
}
