import { type Comparison, Label, type Operand, Program } from "../../lib/native/program.ts";

/** Program with loops and conditions that have bodies. */
export class StructuredProgram extends Program {
  /** The loops around the next statement, the innermost last. */
  readonly #loops: { readonly top: Label; readonly end: Label }[] = [];

  if(
    a: Operand,
    comparison: Comparison,
    b: Operand,
    then: () => void,
    otherwise?: () => void,
  ): void {
    const other = new Label(), end = new Label();
    this.branchUnless(a, comparison, b, other);
    then();
    if (otherwise !== undefined) this.jump(end);
    this.mark(other);
    otherwise?.();
    this.mark(end);
  }

  while(a: Operand, comparison: Comparison, b: Operand, body: () => void): void {
    this.loop(() => {
      this.branchUnless(a, comparison, b, this.#innermost.end);
      body();
    });
  }

  /** Repeats the body until leave(). */
  loop(body: () => void): void {
    const loop = { top: new Label(), end: new Label() };
    this.mark(loop.top);
    this.#loops.push(loop);
    body();
    this.#loops.pop();
    this.jump(loop.top);
    this.mark(loop.end);
  }

  /** Goes on behind the innermost loop. */
  leave(): void {
    this.jump(this.#innermost.end);
  }

  /** Goes on with the innermost loop's next turn. */
  again(): void {
    this.jump(this.#innermost.top);
  }

  get #innermost() {
    return this.#loops.at(-1)!;
  }
}
