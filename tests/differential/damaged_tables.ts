/** Route tables with an example of everything that a table can contain, and their damage. */
import { assert } from "@std/assert";
import fc from "fast-check";
import { compileRoutes } from "../../lib/routes/compile.ts";
import {
  CANDIDATE,
  FORMAT_VERSION,
  HEADER,
  MAGIC,
  MARKER,
  MAX_TABLE_SIZE,
} from "../../lib/routes/format.ts";
import { Table } from "../../lib/routes/table.ts";
import { effective, format, interpreter, rule, smallConfig } from "../routes/small_config.ts";

const WORD = 4;
const MAGIC_BYTES = new TextEncoder().encode(MAGIC);

/** One change of a table's bytes; beyond its end nothing is changed. */
export type Change =
  | { readonly word: number; readonly value: number }
  | { readonly byte: number; readonly value: number }
  | { readonly move: number; readonly to: number; readonly size: number }
  /** The offset of the argv template that all candidates get. */
  | { readonly argv: number }
  | { readonly cut: number };

export interface Damage {
  /** Is it the table that needs this machine's page size? */
  readonly fits: boolean;
  readonly changes: readonly Change[];
  /** Are beginning, size and end correct? */
  readonly framed: boolean;
}

const CONFIG = {
  defaults: ["plain", "home"],
  machines: { i386: ["both", "home"], hexagon: ["nothing"], sparc: ["abroad"] },
  interpreters: {
    plain: interpreter("/i/plain", {
      linkage: "dynamic",
      sysroot: ["/", "/usr/{gnu}"],
      args: ["-L", "{sysroot}", "-0", "{argv0}", "{program}"],
      env: { ARG0: "{argv0}", PATH: "{program}" },
    }),
    home: interpreter("~/i/home", {
      machines: ["x86_64", "i386", "jar"],
      required_paths: [["~/r", "{XDG_DATA_HOME}/r"]],
    }),
    both: interpreter("/i/both", { machines: ["i386", "x86_64"], use_muvm: true }),
    nothing: interpreter("/i/nothing", { machines: ["hexagon"] }),
    abroad: interpreter("/i/abroad", { machines: ["sparc"] }),
    windows: interpreter("/i/windows", { machines: ["windows", "dotnet"] }),
  },
  formats: {
    jar: format({ extension: "jar", interpreter: ["home"] }),
    windows: format({
      magic: new Uint8Array([0x4d, 0x5a]),
      mask: new Uint8Array([255, 255]),
      interpreter: ["windows"],
    }),
  },
  rules: [
    { ...rule("~/l/*.x", "home"), leads_to: "~/l" },
    rule("/a/*/prog", "both"),
    rule("/c/hexagon", "plain"),
    rule("/c/**/[b-x!]?jar", "home"),
    rule("~/**", "home"),
    rule("/c/{x,y}.exe", "windows"),
    rule("/b/", "plain"),
    { ...rule("/c/link/", "both"), leads_to: "/c/d" },
    { ...rule("~/gone", "home"), leads_to: "~/gone" },
  ],
};

/** Links that exist. */
export const LINKS: Readonly<Record<string, string>> = { "/a/l": "b", "/c/link": "d" };
const WATCHED = Object.entries(LINKS).map(([path, target]) => ({ path, target }));

/** Layers, none of which exists. */
const SOURCES = Array.from({ length: 12 }, (_, i) => `/etc/${i}.toml`);

/** Files that exist: interpreters, and what they need. */
export const PRESENT = [
  ...["/i/plain", "/a/i/home", "/i/both", "/i/windows", "/i/muvm", "/r", "/a/r", "/data/r"],
  ...["/ld.so", "/usr/x86_64-linux-gnu/ld.so"],
];
/** An interpreter that is itself of another machine. */
export const FOREIGN = "/i/abroad";
export const DIRECTORIES = { HOME: "/a", XDG_DATA_HOME: "/data" };

/** An undamaged table, in which interpreters that may use muvm need this page size. */
function whole(page_size: number): Uint8Array {
  const muvm = {
    ...{ path: "/i/muvm", page_size, tty_args: ["-t"] },
    never_forward: ["DISPLAY", "XDG_*"],
    required_paths: [["/r"]],
  };
  const config = smallConfig({ ...CONFIG, muvm });
  const compiled = compileRoutes({
    ...effective(config, SOURCES),
    present: new Set(),
    links: WATCHED,
  });
  assert(compiled.ok);
  return compiled.value.table;
}

/** Damages tables. */
export class DamagedTables {
  readonly #fitting: Uint8Array;
  readonly #other: Uint8Array;
  /** Where the candidates' argv offsets are. */
  readonly #argvs: readonly number[];
  /** Where strings are that begin with a marker: none of them is a path. */
  readonly #filled: readonly number[];

  constructor(page_size: number, other_page_size: number) {
    this.#fitting = whole(page_size);
    this.#other = whole(other_page_size);
    const table = Table.read(this.#fitting);
    assert(table.ok);
    const { value } = table;
    const targets = Array.from({ length: value.header("targets") }, (_, target) => target);
    const lists = new Set(targets.flatMap((target) => value.ids(target).map(({ list }) => list)));
    const candidates = [...lists].flatMap((list) => value.candidates(list));
    this.#argvs = [...new Set(candidates)].map((at) => at + CANDIDATE.argv);
    this.#filled = [...this.#fitting.keys()].filter((at) => {
      const marker = this.#fitting[at]!;
      return this.#fitting[at - 1] === 0 && marker >= MARKER.PROGRAM && marker < MARKER.ARGUMENTS;
    });
  }

  get size(): number {
    return this.#fitting.length;
  }

  /** The table after the damage. */
  build({ fits, changes, framed }: Damage): Uint8Array {
    let table = (fits ? this.#fitting : this.#other).slice();
    for (const change of changes) {
      const view = new DataView(table.buffer, 0, table.length);
      const set = (at: number, value: number) => {
        if (at + WORD <= table.length) view.setUint32(at, value, true);
      };
      if ("word" in change) set(change.word, change.value);
      else if ("byte" in change) table[change.byte] = change.value;
      else if ("move" in change) {
        const { move, to, size } = change;
        table.copyWithin(to, move, move + size);
      } else if ("argv" in change) { for (const at of this.#argvs) set(at, change.argv); }
      else table = table.slice(0, change.cut);
    }
    return framed ? frame(table) : table;
  }

  /** Wrong values for offsets, counts and sizes. */
  get numbers(): number[] {
    const { size } = this;
    const header = Object.values(HEADER).filter((at) => at < HEADER.end).map((at) =>
      new DataView(this.#fitting.buffer).getUint32(at, true)
    );
    const near = [-8, -5, -4, -3, -1, 0, 1, 4].map((by) => size + by);
    const large = [0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffc, 0xffffffff];
    const small = [0, 1, 2, 3, 4, 8, 255, 256, HEADER.end, 0xffff, MAX_TABLE_SIZE];
    return [...new Set([...small, ...header, ...near, ...large])];
  }

  /** Replaces each word in turn by each of these numbers. */
  *eachWord(): Generator<Damage> {
    for (let word = 0; word + WORD <= this.size; word += WORD) {
      for (const value of this.numbers) {
        yield { fits: true, framed: true, changes: [{ word, value }] };
      }
    }
  }

  /** One to four changes at once. */
  get damage(): fc.Arbitrary<Damage> {
    // Uniform: fast-check prefers small numbers.
    const upTo = (n: number) => fc.noBias(fc.nat(n));
    const words = (size: number) => upTo(Math.floor(size / WORD) - 1).map((n) => n * WORD);
    const place = fc.oneof(words(HEADER.end), words(this.size), words(this.size));
    const inWords = words(this.size).map((at) =>
      new DataView(this.#fitting.buffer).getUint32(at, true)
    );
    const value = fc.oneof(fc.constantFrom(...this.numbers), upTo(this.size), inWords);
    const filled = fc.constantFrom(...this.#filled);
    const change: fc.Arbitrary<Change> = fc.oneof(
      { arbitrary: fc.record({ word: place, value }), weight: 5 },
      { arbitrary: fc.record({ byte: upTo(this.size - 1), value: upTo(255) }), weight: 1 },
      {
        arbitrary: fc.record({ move: place, to: words(this.size), size: upTo(64) }),
        weight: 1,
      },
      { arbitrary: fc.record({ word: fc.constantFrom(...this.#argvs), value: filled }), weight: 1 },
      { arbitrary: fc.record({ argv: filled }), weight: 1 },
      { arbitrary: upTo(this.size).map((cut) => ({ cut })), weight: 1 },
    );
    return fc.record({
      fits: fc.boolean(),
      changes: fc.array(change, { minLength: 1, maxLength: 4 }),
      framed: upTo(19).map((n) => n > 0),
    });
  }
}

/** Gives a table a correct beginning, size and end, if it has room for them. */
function frame(table: Uint8Array): Uint8Array {
  if (table.length < HEADER.end + MAGIC_BYTES.length) return table;
  const view = new DataView(table.buffer, 0, table.length);
  table.set(MAGIC_BYTES, HEADER.magic);
  table.set(MAGIC_BYTES, table.length - MAGIC_BYTES.length);
  view.setUint32(HEADER.version, FORMAT_VERSION, true);
  view.setUint32(HEADER.size, table.length, true);
  return table;
}
