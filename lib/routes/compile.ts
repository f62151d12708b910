import type { Config, Effective } from "../config/config.ts";
import { failed, type Failure, type Result, success } from "../failure.ts";
import { textOfBytes } from "./byte_text.ts";
import { Candidates, type Draft } from "./candidates.ts";
import { chooseInterpreters, isMadeFor, linkageBits } from "./choose.ts";
import { collectPaths } from "./collect_paths.ts";
import {
  CANDIDATE,
  FORMAT_VERSION,
  HEADER,
  ID,
  KIND,
  LINK,
  MAGIC,
  MAX_TABLE_SIZE,
  RULE,
  SOURCE,
  TABLE_FLAG,
} from "./format.ts";
import { kindsOf } from "./kinds.ts";
import { type Target, targetsOf } from "./targets.ts";
import { writePaths } from "./write_paths.ts";
import { Writer } from "./writer.ts";

const TOO_LARGE: Failure = {
  code: "config",
  what: "compile the routes",
  why: `they would take more than ${MAX_TABLE_SIZE} bytes`,
  hint: "Use fewer rules and interpreters, or shorter names and paths.",
};

/** A rule left out of the table: its entry, its path, and why, without a period. */
export interface RefusedRule {
  readonly id: string;
  readonly path: string;
  readonly why: string;
}

export interface CompiledRoutes {
  readonly table: Uint8Array;
  readonly refused: readonly RefusedRule[];
}

export interface CompileOptions {
  /** Compile the lists of this machine's programs alone; all others are empty. */
  readonly machine?: string | undefined;
  /** The user's configuration file that the table is made for; none for a system table. */
  readonly key?: string;
  /** The message that the handler shows once, on a terminal, after this table was compiled. */
  readonly notice?: string;
  /** The command that installs what an interpreter needs for a target, if known. */
  readonly installWords?: (id: string, target: Target, throughMuvm: boolean) => string | undefined;
}

type Named = Pick<Config["rules"][number], "id" | "interpreter">;

const NO_RULE: Named = { id: "", interpreter: [] };

/** Compiles the effective configuration to the route table that format.ts describes. */
export function compileRoutes(
  effective: Effective,
  options: CompileOptions = {},
): Result<CompiledRoutes> {
  const { config } = effective;
  const out = new Writer();
  const targets = targetsOf(config);
  const header = out.append(MAGIC);
  out.reserve(HEADER.end - MAGIC.length);
  const set = (field: keyof typeof HEADER, value: number) => out.set(header + HEADER[field], value);
  set("version", FORMAT_VERSION);
  set("page_size", config.muvm.page_size);
  set("targets", targets.length);
  if (options.key !== undefined) set("key", out.string(options.key));
  set("n_sources", effective.sources.length);
  set("sources", writeSources(out, effective));
  set("n_links", effective.links.length);
  set("links", writeLinks(out, effective));
  const kinds = kindsOf(config, targets);
  set("n_kinds", kinds.length);
  set("kinds", writeKinds(out, kinds));
  set("never_forward", out.section(config.muvm.never_forward.map((name) => out.string(name))));
  set("n_never_forward", config.muvm.never_forward.length);
  set("notice", options.notice === undefined ? 0 : out.string(options.notice));
  set("target_names", out.section(targets.map((target) => out.string(target.name))));

  const lists = new Lists(out, config, targets, options);
  const rules = [NO_RULE, ...config.rules];
  const { numbers, choices } = lists.choices(rules);
  set("choices", out.section(choices));
  set("n_ids", config.interpreters.size);
  set("ids", lists.ids());

  set("n_rules", rules.length);
  set("rules", writeRules(out, rules, numbers));
  const collected = collectPaths(config.rules);
  const { paths, globs, homes } = writePaths(out, collected);
  set("n_paths", collected.paths.length);
  set("paths", paths);
  set("n_globs", collected.globs.length);
  set("globs", globs);
  set("n_homes", collected.homes.length);
  set("homes", homes);
  const homeRules = config.rules.some((rule) => rule.path.startsWith("~/"));
  set(
    "flags",
    (effective.whole ? TABLE_FLAG.KEEP : 0) | (homeRules ? TABLE_FLAG.HOME_RULES : 0),
  );
  out.append(MAGIC);
  set("size", out.size);
  if (out.full) return failed(TOO_LARGE);
  const refused = collected.refused.map(({ index, why }) => {
    const { id, path } = config.rules[index]!;
    return { id, path, why };
  });
  return success({ table: out.finish(), refused });
}

function writeRules(out: Writer, rules: readonly Named[], choices: readonly number[]): number {
  return out.section(rules.flatMap(({ id }, i) => {
    const entry: number[] = [];
    entry[RULE.choice / 4] = choices[i]!;
    entry[RULE.name / 4] = out.string(id);
    return entry;
  }));
}

/** The handler fills in the identities; until then they only say whether the source existed. */
function writeSources(out: Writer, { sources, present }: Effective): number {
  const strings = sources.map((path) => out.string(path));
  const at = out.reserve(SOURCE.end * sources.length);
  strings.forEach((string, i) => {
    out.set(at + SOURCE.end * i + SOURCE.path, string);
    out.set(at + SOURCE.end * i + SOURCE.exists, present.has(sources[i]!) ? 1 : 0);
  });
  return at;
}

function writeLinks(out: Writer, { links }: Effective): number {
  return out.section(links.flatMap(({ path, target }) => {
    const fields: number[] = [];
    fields[LINK.path / 4] = out.string(path);
    fields[LINK.target / 4] = out.string(target);
    return fields;
  }));
}

function writeKinds(out: Writer, kinds: ReturnType<typeof kindsOf>): number {
  return out.section(kinds.flatMap((kind) => {
    const fields: number[] = [];
    fields[KIND.extension / 4] = kind.extension === undefined ? 0 : out.string(kind.extension);
    fields[KIND.offset / 4] = kind.offset;
    fields[KIND.size / 4] = kind.magic.length;
    fields[KIND.magic / 4] = out.bytes(textOfBytes(kind.magic));
    fields[KIND.mask / 4] = out.bytes(textOfBytes(kind.mask));
    fields[KIND.probe / 4] = kind.probe;
    fields[KIND.target / 4] = kind.target;
    fields[KIND.clr_target / 4] = kind.clr_target;
    return fields;
  }));
}

/** Writes candidates and lists of them, each once. */
class Lists {
  readonly #out: Writer;
  readonly #config: Config;
  readonly #targets: readonly Target[];
  readonly #candidates: Candidates;
  readonly #written = new Map<string, number[]>();
  readonly #options: CompileOptions;

  constructor(
    out: Writer,
    config: Config,
    targets: readonly Target[],
    options: CompileOptions,
  ) {
    this.#out = out;
    this.#config = config;
    this.#targets = targets;
    this.#candidates = new Candidates(config);
    this.#options = options;
  }

  /** The number of each rule's choice, and the choices' lists one after another. */
  choices(rules: readonly Named[]): { numbers: number[]; choices: number[] } {
    const choices: number[] = [];
    const known = new Map<string, number>();
    const numbers = rules.map(({ interpreter }) => {
      const key = JSON.stringify(interpreter);
      const number = known.get(key) ?? choices.length / this.#targets.length;
      if (known.has(key) || this.#out.full) return number;
      known.set(key, number);
      for (const target of this.#targets) {
        const canServe = (id: string) => this.#write(id, target, 0).length > 0;
        const chosen = chooseInterpreters(this.#config, interpreter, target, canServe);
        choices.push(
          this.#list(chosen.flatMap((each) => this.#write(each.id, target, each.linkage))),
        );
      }
      return number;
    });
    return { numbers, choices };
  }

  /** For BINFMT_DISPATCHER_INTERPRETER: each interpreter with its lists. */
  ids(): number {
    const encoder = new TextEncoder();
    const sorted = [...this.#config.interpreters].map(([id, { linkage }]) => (
      { id, linkage: linkageBits(linkage), bytes: encoder.encode(id) }
    )).sort((a, b) => compareBytes(a.bytes, b.bytes));
    return this.#out.section(sorted.flatMap(({ id, linkage }) => {
      const entry: number[] = [];
      entry[ID.name / 4] = this.#out.string(id);
      this.#targets.forEach((target, i) => {
        entry[ID.lists / 4 + i] = this.#list(this.#write(id, target, target.elf ? linkage : 0));
      });
      return entry;
    }));
  }

  #list(candidates: readonly number[]): number {
    return candidates.length === 0 ? 0 : this.#out.counted(candidates);
  }

  /** The interpreter's candidates for a target; none if it does not support it. */
  #write(id: string, target: Target, linkage: number): number[] {
    const { machine = target.name, installWords } = this.#options;
    if (target.name !== machine || !isMadeFor(this.#config, id, target)) return [];
    const key = `${linkage} ${target.elf} ${target.name} ${id}`;
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const direct = installWords?.(id, target, false);
    const { use_muvm } = this.#config.interpreters.get(id)!;
    const throughMuvm = use_muvm ? installWords?.(id, target, true) : undefined;
    const offsets = this.#candidates.of(id, target, linkage).map((draft) =>
      writeCandidate(this.#out, draft, draft.muvm === undefined ? direct : throughMuvm)
    );
    this.#written.set(key, offsets);
    return offsets;
  }
}

function writeCandidate(out: Writer, draft: Draft, install: string | undefined): number {
  const groups = draft.requirements.map((group) =>
    out.counted(group.map((path) => out.bytes(path)))
  );
  const fields: number[] = [];
  fields[CANDIDATE.when / 4] = draft.when;
  fields[CANDIDATE.name / 4] = out.string(draft.name);
  fields[CANDIDATE.id / 4] = out.string(draft.id);
  fields[CANDIDATE.path / 4] = out.string(draft.path);
  fields[CANDIDATE.muvm / 4] = draft.muvm === undefined ? 0 : out.string(draft.muvm);
  fields[CANDIDATE.requirements / 4] = out.counted(groups);
  fields[CANDIDATE.dynamic / 4] = draft.dynamic;
  fields[CANDIDATE.sysroots / 4] = out.counted(draft.sysroots.map((root) => out.string(root)));
  fields[CANDIDATE.argv / 4] = out.bytes(draft.argv);
  fields[CANDIDATE.env / 4] = out.bytes(draft.env);
  fields[CANDIDATE.install / 4] = install === undefined ? 0 : out.string(install);
  return out.numbers(fields);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const differs = a.findIndex((byte, i) => byte !== b[i]);
  return differs < 0 ? a.length - b.length : a[differs]! - (b[differs] ?? -1);
}
