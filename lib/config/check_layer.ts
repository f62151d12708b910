/** Checks a layer's table: keeps each valid value, and reports the others. */
import * as v from "valibot";
import { suggest } from "../suggest.ts";
import { MAX_DIAGNOSTICS } from "./limits.ts";
import { placeholdersOf, wordsInBraces } from "./placeholders.ts";
import type { UnplacedDiagnostic } from "./unplaced_diagnostic.ts";
import { quoteText } from "./quote_text.ts";
import { ID, type Section, TABLES } from "./schema.ts";

/** One valid value. */
export interface Value {
  readonly section: Section;
  /** "" in [defaults] and [muvm], which have no entries. */
  readonly id: string;
  readonly key: string;
  readonly value: unknown;
}

export interface CheckedLayer {
  readonly values: Value[];
  readonly diagnostics: UnplacedDiagnostic[];
}

type Table = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

const WITHOUT_ENTRIES: readonly string[] = ["defaults", "muvm"];

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** A value as text, shortened. */
function inWords(value: unknown): string {
  if (isTable(value)) return "a table";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (value instanceof Date) return "a date";
  if (typeof value !== "string") return String(value);
  const text = quoteText(value).slice(1, -1);
  return text.length > 60 ? `“${text.slice(0, 60)}…”` : `“${text}”`;
}

class Checker {
  readonly values: Value[] = [];
  readonly diagnostics: UnplacedDiagnostic[] = [];

  constructor(readonly layer: number) {}

  report(
    severity: UnplacedDiagnostic["severity"],
    path: Path,
    message: string,
    meant?: string,
  ): void {
    if (this.diagnostics.length > MAX_DIAGNOSTICS) return;
    const last = this.diagnostics.length === MAX_DIAGNOSTICS;
    this.diagnostics.push(
      last
        ? { severity: "error", layer: this.layer, path: [], ...MORE }
        : { severity, layer: this.layer, path, message, did_you_mean: meant },
    );
  }

  unknownKey(path: Path, known: readonly string[]): void {
    const word = String(path.at(-1));
    const message = `unknown key, expected ${known.join(", ")}; ignoring it`;
    this.report("warning", path, message, suggest(word, known));
  }

  notTable(path: Path, value: unknown): void {
    this.report("error", path, `found ${inWords(value)}, expected a table`);
  }

  /** Checks one key's value; if a part is faulty, the whole value is dropped. */
  value(section: Section, id: string, key: string, path: Path, value: unknown): void {
    const keys: Readonly<Record<string, v.GenericSchema>> = TABLES[section];
    const schema = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (schema === undefined) return this.unknownKey(path, Object.keys(keys));
    // valibot would take a list for a record with numbers for keys.
    if (Array.isArray(value) && unwrapped(schema).type === "record") {
      return this.notTable(path, value);
    }
    const result = v.safeParse(schema, value);
    if (result.success) {
      const lost = isTable(value) ? lostKey(value, result.output as Table) : undefined;
      if (lost !== undefined) {
        return this.report("error", [...path, lost], `“${lost}” is not allowed as a name`);
      }
      this.values.push({ section, id, key, value: result.output });
      return this.placeholders(schema, path, value);
    }
    const [issue] = result.issues;
    const inside = (issue.path ?? []).map((part) => part.key as string | number);
    const meant = typeof issue.input === "string"
      ? suggest(issue.input, schemaWords(schema))
      : undefined;
    const message = `found ${inWords(issue.input)}, expected ${issue.message}`;
    this.report("error", [...path, ...inside], message, meant);
  }

  placeholders(schema: v.GenericSchema, path: Path, value: unknown): void {
    const known = placeholdersOf(schema);
    if (known.length === 0) return;
    const expected = known.map((word) => `{${word}}`).join(", ");
    for (const word of wordsInBraces(value).filter((word) => !known.includes(word))) {
      const meant = suggest(word, known);
      const message = `unknown placeholder {${word}}, expected ${expected}`;
      this.report("warning", path, message, meant === undefined ? undefined : `{${meant}}`);
    }
  }

  table(section: Section, id: string, path: Path, table: unknown): void {
    if (!isTable(table)) return this.notTable(path, table);
    for (const [key, value] of Object.entries(table)) {
      this.value(section, id, key, [...path, key], value);
    }
  }

  entries(section: Section, table: unknown): void {
    if (!isTable(table)) return this.notTable([section], table);
    for (const [id, entry] of Object.entries(table)) {
      const path = [section, id];
      if (v.is(ID, id)) this.table(section, id, path, entry);
      else this.report("error", path, `${inWords(id)} cannot be an ID, expected printable text`);
    }
  }
}

const MORE = {
  message: `more than ${MAX_DIAGNOSTICS} errors and warnings; the others are not listed`,
  did_you_mean: undefined,
};

/** valibot silently drops keys such as __proto__ from a record. */
function lostKey(table: Table, checked: Table): string | undefined {
  return Object.keys(table).find((key) => !Object.hasOwn(checked, key));
}

function unwrapped(schema: v.GenericSchema): v.GenericSchema {
  return "wrapped" in schema ? schema.wrapped as v.GenericSchema : schema;
}

/** The words that a key with a fixed choice accepts. */
function schemaWords(schema: v.GenericSchema): string[] {
  const inner = unwrapped(schema);
  return "options" in inner && Array.isArray(inner.options)
    ? inner.options.filter((option) => typeof option === "string")
    : [];
}

/** Checks one layer's table; `layer` is its index. */
export function checkLayer(table: Table, layer: number): CheckedLayer {
  const checker = new Checker(layer);
  const sections = Object.keys(TABLES);
  for (const [key, value] of Object.entries(table)) {
    if (!sections.includes(key)) checker.unknownKey([key], sections);
    else if (WITHOUT_ENTRIES.includes(key)) checker.table(key as Section, "", [key], value);
    else checker.entries(key as Section, value);
  }
  return { values: checker.values, diagnostics: checker.diagnostics };
}
