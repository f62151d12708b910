/** Statements with bodies: Program itself has only labels. */
import { type Comparison, Label, type Operand, type Program } from "../../lib/native/program.ts";

export function when(
  p: Program,
  a: Operand,
  comparison: Comparison,
  b: Operand,
  then: () => void,
  otherwise: () => void = () => {},
): void {
  const other = new Label(), end = new Label();
  p.branchUnless(a, comparison, b, other);
  then();
  p.jump(end);
  p.mark(other);
  otherwise();
  p.mark(end);
}

/** Repeats the body until it jumps to the end. */
export function repeat(p: Program, body: (end: Label) => void): void {
  const top = new Label(), end = new Label();
  p.mark(top);
  body(end);
  p.jump(top);
  p.mark(end);
}
