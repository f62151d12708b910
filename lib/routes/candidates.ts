import type { Config, Interpreter, Muvm, Variable } from "../config/config.ts";
import { pathServes } from "../config/path_machine.ts";
import { C_LIBRARIES, namesWith } from "../elf/c_library.ts";
import { MARKER, WHEN } from "./format.ts";
import type { Target } from "./targets.ts";
import { encoded, encodedPath, END, fillIn, fillInEncoded, namesLibrary } from "./template.ts";

/** A candidate before it is written; a template is encoded() items and END. */
export interface Draft {
  readonly when: number;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly muvm: string | undefined;
  /** Groups of path templates; the interpreter's path is the first. */
  readonly requirements: readonly (readonly string[])[];
  /** How many of the last groups are for dynamic programs only. */
  readonly dynamic: number;
  readonly sysroots: readonly string[];
  readonly argv: string;
  readonly env: string;
}

/** An interpreter's items, encoded, before the target's words are filled in. */
interface Items {
  /** Those that follow the interpreter's path. */
  readonly args: string;
  readonly env: string;
}

/** What is the same for all of an interpreter's targets. */
interface Prepared {
  readonly interpreter: Interpreter;
  readonly plain: Items;
  /** In muvm's guest. */
  readonly guest: Items;
  readonly required: readonly (readonly string[])[];
  readonly dynamic: readonly (readonly string[])[];
}

/** The candidates of a configuration. */
export class Candidates {
  readonly #interpreters: Config["interpreters"];
  readonly #muvm: Muvm;
  readonly #muvmItems: string;
  readonly #prepared = new Map<string, Prepared>();

  constructor({ interpreters, muvm }: Config) {
    this.#interpreters = interpreters;
    this.#muvm = muvm;
    this.#muvmItems = muvmItems(muvm);
  }

  /**
   * One candidate for each of the interpreter's paths that serves the target, and one more through
   * muvm if it needs that.
   */
  of(id: string, target: Target, linkage: number): Draft[] {
    const { interpreter, plain, guest, ...needs } = this.#prepare(id);
    const args = fillInEncoded(plain.args, target);
    const env = fillInEncoded(plain.env, target);
    if (args === undefined || env === undefined) return [];
    const sysroots = sysrootsOf(interpreter, target);
    const required = groupsFor(needs.required, target);
    const dynamic = groupsFor(needs.dynamic, target);
    // A group without alternatives can never be met, and without a directory a dynamic program's
    // loader can never be found.
    if ([...required, ...dynamic].some((group) => group.length === 0)) return [];
    if (target.elf && sysroots.length === 0 && interpreter.sysroot.length > 0) return [];
    return interpreter.path.flatMap((text) => {
      const path = fillIn(text, target);
      if (path === undefined || (target.elf && !pathServes(path, target.name))) return [];
      const item = encodedPath(path);
      const groups = [[item + END], ...required];
      const direct: Draft = {
        when: linkage,
        name: interpreter.name,
        id,
        path,
        muvm: undefined,
        requirements: [...groups, ...dynamic],
        dynamic: dynamic.length,
        sysroots,
        argv: item + args + END,
        env: env + END,
      };
      if (!interpreter.use_muvm) return [direct];
      const items = fillInEncoded(guest.env, target)! + item + fillInEncoded(guest.args, target)!;
      return [{ ...direct, when: linkage | WHEN.PAGES_FIT }, {
        ...direct,
        when: linkage | WHEN.PAGES_DIFFER,
        muvm: this.#muvm.path,
        requirements: [
          ...groups,
          [encoded(this.#muvm.path) + END],
          ...groupsFor(templates(this.#muvm.required_paths), target),
          ...dynamic,
        ],
        argv: this.#muvmItems + items + END,
        env: END,
      }];
    });
  }

  #prepare(id: string): Prepared {
    const known = this.#prepared.get(id);
    if (known !== undefined) return known;
    const interpreter = this.#interpreters.get(id)!;
    const prepared = {
      interpreter,
      plain: itemsOf(interpreter, MARKER.PROGRAM),
      guest: itemsOf(interpreter, MARKER.ABSOLUTE),
      required: templates(interpreter.required_paths),
      dynamic: templates(interpreter.dynamic_required_paths),
    };
    this.#prepared.set(id, prepared);
    return prepared;
  }
}

/** With {gnu} for each C library in turn: the program's own loader tells which one it needs. */
function sysrootsOf({ sysroot }: Interpreter, target: Target): string[] {
  const libraries = C_LIBRARIES.map((library) => namesWith(target, library));
  const each = sysroot.flatMap((text) =>
    (namesLibrary(text) ? libraries : [target]).flatMap((names) => fillIn(text, names) ?? [])
  );
  return [...new Set(each)];
}

/** The path templates of requirements. */
function templates(groups: Interpreter["required_paths"]): string[][] {
  return groups.map((group) => group.map((path) => encodedPath(path) + END));
}

function groupsFor(groups: readonly (readonly string[])[], target: Target): string[][] {
  return groups.map((group) => group.flatMap((path) => fillInEncoded(path, target) ?? []));
}

/** `program` is the marker of the program's path. */
function itemsOf({ args, env }: Interpreter, program: number): Items {
  const markers = { program, argv0: MARKER.ARGV0, sysroot: MARKER.SYSROOT };
  return {
    args: args.map((arg) => encoded(arg, markers)).join("") + encoded("", {}, MARKER.ARGUMENTS),
    env: variables(env, (text, marker) => encoded(text, markers, marker)),
  };
}

/** Variables to set, then those to set unless the caller has, and those to remove. */
function variables(
  env: Readonly<Record<string, Variable>>,
  item: (text: string, marker?: number) => string,
): string {
  const all = Object.entries(env);
  return [
    ...all.map(([name, value]) => typeof value === "string" ? item(`${name}=${value}`) : ""),
    ...all.map(([name, value]) =>
      typeof value === "object" ? item(`${name}=${value.default}`, MARKER.VARIABLE) : ""
    ),
    ...all.map(([name, value]) => value === false ? item(name, MARKER.VARIABLE) : ""),
  ].join("");
}

/**
 * muvm drops the working directory, the umask and most of the environment, and does not take every
 * argument. So the handler itself starts the interpreter in the guest: see docs/subsystems.md.
 */
function muvmItems({ path, args, tty_args, forward_env }: Muvm): string {
  return [
    encoded(path),
    ...args.map((arg) => encoded(arg)),
    ...tty_args.map((arg) => encoded(arg, {}, MARKER.TERMINAL)),
    forward_env ? encoded("", {}, MARKER.VARIABLE) : "",
    encoded("--"),
    encoded("", {}, MARKER.GUEST),
  ].join("");
}
