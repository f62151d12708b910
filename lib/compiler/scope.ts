import type { Constant } from "./constants.ts";
import type { Binding, Value } from "./value.ts";

/** What a name inside a function is. */
export type Local =
  | { readonly what: "variable"; readonly binding: Binding }
  | { readonly what: "constant"; readonly constant: Constant }
  /** The arguments for `...words`. */
  | { readonly what: "rest"; readonly values: readonly Value[] };

/** The names inside a function, by block. */
export class Scope {
  #blocks: Map<string, Local>[] = [new Map()];

  find(name: string): Local | undefined {
    return this.#blocks.findLast((block) => block.has(name))?.get(name);
  }

  set(name: string, local: Local): void {
    this.#blocks.at(-1)!.set(name, local);
  }

  /** Runs `what` in a new block. */
  within(what: () => void): void {
    this.#blocks.push(new Map());
    what();
    this.#blocks.pop();
  }

  /** Runs `what` in a scope with only these names. */
  isolated(names: ReadonlyMap<string, Local>, what: () => void): void {
    const outer = this.#blocks;
    this.#blocks = [new Map(names)];
    what();
    this.#blocks = outer;
  }
}
