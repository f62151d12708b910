/** Compiles loops. */
import type { Expression, ForOfStatement, ForStatement, Statement } from "@babel/types";
import type { Variable } from "../native/language.ts";
import { Label } from "../native/program.ts";
import type { Body } from "./body.ts";
import { counterOf } from "./counter.ts";
import { refuse } from "./refusal.ts";
import { BYTE, type Value } from "./value.ts";

interface Loop {
  readonly body: Statement;
  readonly test?: Expression | null | undefined;
  /** Executed after each iteration. */
  readonly update?: Expression | null | undefined;
  /** Is the condition tested after each iteration, not before? */
  readonly isLate?: boolean;
}

export function repeat(body: Body, { body: inner, test, update, isLate = false }: Loop): void {
  const again = new Label(), next = new Label(), end = new Label();
  body.p.mark(again);
  if (test && !isLate) body.jumpIf(test, false, end);
  body.loops.push({ end, next });
  body.block([inner]);
  body.loops.pop();
  body.p.mark(next);
  if (update) body.expressionStatement(update);
  if (test && isLate) body.jumpIf(test, false, end);
  body.p.jump(again);
  body.p.mark(end);
}

/** for (let i = …; …; i++) */
export function withCounter(body: Body, node: ForStatement): void {
  body.scope.within(() => {
    if (node.init?.type === "VariableDeclaration") body.declare(node.init);
    else if (node.init) body.expressionStatement(node.init);
    const counter = counterOf(body, node);
    if (counter !== undefined) {
      body.scope.set(counter.name, { what: "variable", binding: counter.binding });
    }
    repeat(body, node);
  });
}

/** for (const byte of bytes), and for (const each of words) with the arguments of `...words` */
export function overBytes(body: Body, node: ForOfStatement): void {
  const { left, right } = node;
  const id = left.type === "VariableDeclaration" ? left.declarations[0]?.id : undefined;
  if (id?.type !== "Identifier") refuse(node, "expected for (const NAME of …)");
  const turn = (value: Value) =>
    body.scope.within(() => {
      body.scope.set(id.name, { what: "variable", binding: { value, isFixed: true } });
      body.block([node.body]);
    });
  const rest = right.type === "Identifier" ? body.scope.find(right.name) : undefined;
  if (rest?.what === "rest") return overWords(body, rest.values, turn);
  const bytes = body.value(right);
  if (bytes.kind !== "bytes") refuse(right, "only bytes can be iterated");
  const [at, end, byte] = [body.take("number"), body.take("number"), body.take("number")]
    .map(([word]) => word!) as [Variable, Variable, Variable];
  body.p.set(at, bytes.words[0]!);
  body.p.do(end, at, "+", bytes.words[1]!);
  const again = new Label(), over = new Label();
  body.p.mark(again);
  body.p.branchUnless(at, "!=", end, over);
  body.p.read(byte, 1, at);
  body.p.do(at, at, "+", 1);
  body.loops.push({ end: over, next: again });
  turn({ kind: "number", words: [byte], range: BYTE });
  body.loops.pop();
  body.p.jump(again);
  body.p.mark(over);
}

/** Unrolls the loop. */
function overWords(body: Body, values: readonly Value[], turn: (value: Value) => void): void {
  const over = new Label();
  for (const each of values) {
    const next = new Label();
    body.loops.push({ end: over, next });
    turn(each);
    body.loops.pop();
    body.p.mark(next);
  }
  body.p.mark(over);
}
