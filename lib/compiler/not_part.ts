import type { Node } from "@babel/types";
import { refuse } from "./refusal.ts";

const NO_ASSERTION = "a type is not asserted: write a value of the type";
const NO_EXCEPTION = "there are no exceptions: end in words, or give a value that says it";
const NO_FUNCTION = "functions are declared outside of functions, by name";
const NO_OBJECT = "there are no arrays and objects: bytes, and layouts outside of functions";

/** What to write instead, by what Babel calls it. */
const INSTEAD: Readonly<Record<string, string>> = {
  ArrayExpression: NO_OBJECT,
  ArrowFunctionExpression: NO_FUNCTION,
  AssignmentExpression: "an assignment is a statement of its own",
  BigIntLiteral: "a number is an integer within ±2⁵³; of more, compare the bytes",
  ClassDeclaration: "there are no classes: functions, and variables outside of them",
  ForInStatement: "expected for (const byte of bytes)",
  FunctionDeclaration: NO_FUNCTION,
  FunctionExpression: NO_FUNCTION,
  LabeledStatement: "loops have no names here",
  NewExpression: "memory is made outside of functions: const NAME = new Uint8Array(N)",
  NullLiteral: "what is not there is undefined",
  NumericLiteral: "a number is an integer within ±2⁵³; of more, compare the bytes",
  ObjectExpression: NO_OBJECT,
  OptionalCallExpression: "compare with undefined first",
  OptionalMemberExpression: "compare with undefined first",
  SequenceExpression: "one expression, one statement",
  TemplateLiteral: "strings are written down, not put together: say the parts in turn",
  ThrowStatement: NO_EXCEPTION,
  TryStatement: NO_EXCEPTION,
  TSAsExpression: NO_ASSERTION,
  TSNonNullExpression: "nothing is taken for granted: compare with undefined first",
  TSSatisfiesExpression: NO_ASSERTION,
  TSTypeAssertion: NO_ASSERTION,
  UpdateExpression: "an assignment is a statement of its own",
};

/** Refuses what is TypeScript, but not part of the subset. */
export function refuseType(node: Node): never {
  refuse(node, INSTEAD[node.type] ?? `${node.type} is not part of the subset`);
}
