/** A state: where it begins in the store. */
export type State = number;

/** The state from which nothing matches any more. */
export const DEAD: State = 0;

/** An edge for every byte. */
export const ANY_BYTE = 0xff00;

/**
 * All states of all automata while they are made, in one array: a state is `rule`, `n`, then n
 * edges (`lo | hi << 8`, next), sorted and disjoint, as in the table. Once linked a state never
 * changes, so automata share what they have in common.
 */
export class States {
  words = new Int32Array(1 << 14);
  /** Where the next state will begin. */
  end = 2;
  /** How many states were ever allocated, those given back too. */
  count = 0;
  /**
   * What compiling may still cost, in words written and steps made. No single step may take more
   * than a quarter of it, so that after a costly pattern that had to be refused enough is left for
   * the simple ones.
   */
  budget: number;

  constructor(budget: number) {
    this.budget = budget;
  }

  /** What the next step may cost. */
  get share(): number {
    return this.budget / 4;
  }

  /** A state with room for n edges. */
  allocate(rule: number, n: number): State {
    const state = this.end;
    const size = 2 + 2 * n;
    this.end += size;
    this.budget -= size;
    this.count++;
    if (this.end > this.words.length) {
      const larger = new Int32Array(Math.max(this.end, this.words.length * 2));
      larger.set(this.words);
      this.words = larger;
    }
    this.words[state] = rule;
    this.words[state + 1] = n;
    return state;
  }

  /** Forgets all states that were allocated since `end` was `end`. */
  release(end: number): void {
    this.end = end;
  }

  link(state: State, edge: number, range: number, next: State): void {
    this.words[state + 2 + 2 * edge] = range;
    this.words[state + 3 + 2 * edge] = next;
  }

  /** The rule that holds where the path ends here; 0 for none. */
  rule(state: State): number {
    return this.words[state]!;
  }

  edges(state: State): number {
    return this.words[state + 1]!;
  }

  range(state: State, edge: number): number {
    return this.words[state + 2 + 2 * edge]!;
  }

  next(state: State, edge: number): State {
    return this.words[state + 3 + 2 * edge]!;
  }

  /** A state that every rest of a path leaves as it is: below a folder. */
  everything(rule: number): State {
    const state = this.allocate(rule, 1);
    this.link(state, 0, ANY_BYTE, state);
    return state;
  }

  isEverything(state: State): boolean {
    return this.rule(state) !== 0 && this.edges(state) === 1 &&
      this.range(state, 0) === ANY_BYTE && this.next(state, 0) === state;
  }

  /** The automaton for these bytes, then `next`. */
  chain(bytes: ArrayLike<number>, next: State): State {
    let state = next;
    for (let i = bytes.length - 1; i >= 0; i--) {
      const before = this.allocate(0, 1);
      this.link(before, 0, bytes[i]! | bytes[i]! << 8, state);
      state = before;
    }
    return state;
  }

  /** Every state that can be reached, the start first. */
  reachable(start: State): State[] {
    if (start === DEAD) return [];
    const seen = new Uint8Array(this.end);
    const found = [start];
    seen[start] = 1;
    for (let i = 0; i < found.length; i++) {
      const state = found[i]!;
      for (let edge = 0; edge < this.edges(state); edge++) {
        const next = this.next(state, edge);
        if (seen[next] === 1) continue;
        seen[next] = 1;
        found.push(next);
      }
    }
    return found;
  }
}
