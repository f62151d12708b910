/** The names that the next piece of a random program can use. */
import { type Kind, type Known, type Piece, piece } from "./piece.ts";
import type { Random } from "./random.ts";

export interface Traits {
  /** Numbers may leave ±2⁵³. */
  readonly isWild: boolean;
  /** Indices may lie beyond the bytes. */
  readonly isCareless: boolean;
}

export interface Name extends Known {
  readonly kind: Kind;
  readonly text: string;
  readonly isAssignable: boolean;
}

export interface Callable {
  readonly name: string;
  readonly parameters: readonly Name[];
  /** Takes ...words after its parameters. */
  readonly takesWords: boolean;
  readonly result: Kind | "nothing" | "never";
  readonly isWritable: boolean;
}

/** How often a variable is of each kind, in proportion. */
export const VARIABLES = [
  [6, "number"],
  [3, "boolean"],
  [4, "bytes"],
  [3, "maybe"],
  [1, "string"],
  [1, "structure"],
] as const;

/** The greatest magnitude of a variable's value. */
export function limit({ isWild }: Traits): number {
  return isWild ? Number.MAX_SAFE_INTEGER : 2 ** 40;
}

export class Scope {
  /** Those of inner blocks come last. */
  names: Name[] = [];
  /** How many calls may still be made: they are few, so that programs stay small and fast. */
  calls = 0;
  /** The kind of a return statement's value; undefined if there may be no such statement. */
  result: Callable["result"] | undefined;
  isWritableResult = false;
  loops = 0;
  /** Is one of these a loop, and not a switch? */
  canContinue = false;

  constructor(
    readonly random: Random,
    readonly traits: Traits,
    readonly functions: readonly Callable[],
    /** The layout of the program's structures. */
    readonly layout: string,
    /** Makes names that no other function has. */
    readonly fresh: (prefix: string) => string,
  ) {}

  all(kind: Kind, test: (name: Name) => boolean = () => true): Name[] {
    return this.names.filter((each) => each.kind === kind && test(each));
  }

  /** Some name of this kind, the newest ones more often. */
  find(kind: Kind, test?: (name: Name) => boolean): Name | undefined {
    const found = this.all(kind, test);
    if (found.length === 0) return undefined;
    return this.random.pick(this.random.chance(40) ? found.slice(-3) : found);
  }

  declare(name: Name): Name {
    this.names.push(name);
    return name;
  }

  /** Runs `make` in a scope of its own. */
  inner<T>(make: () => T): T {
    const outer = [...this.names];
    try {
      return make();
    } finally {
      this.names = outer;
    }
  }

  /** Runs `make` in a loop, or in a switch, which allows only break. */
  inLoop<T>(canContinue: boolean, make: () => T): T {
    const { loops, canContinue: outer } = this;
    this.loops++;
    this.canContinue = canContinue || outer;
    try {
      return this.inner(make);
    } finally {
      this.loops = loops;
      this.canContinue = outer;
    }
  }
}

/** The name as an expression. */
export function use({ kind, text, bound, isConstant, isWritable, length }: Name): Piece {
  return { ...piece(kind)`${text}`, ...strip({ bound, isConstant, isWritable, length }) };
}

/** Without undefined properties. */
function strip(known: { [Key in keyof Known]: Known[Key] | undefined }): Known {
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}
