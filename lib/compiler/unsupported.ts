import type { Node } from "@babel/types";
import { refuse } from "./refusal.ts";

const NO_ASSERTION = "type assertions are not supported: write a value of that type";
const NO_EXCEPTION =
  "exceptions are not supported: end with a message, or return a value that means failure";
const NO_FUNCTION = "expected a function declared by name, outside of functions";
const NO_OBJECT =
  "arrays and objects are not supported: use bytes, and layouts outside of functions";

/** What to write instead, by Babel's node types. */
const INSTEAD: Readonly<Record<string, string>> = {
  ArrayExpression: NO_OBJECT,
  ArrowFunctionExpression: NO_FUNCTION,
  AssignmentExpression: "an assignment must be a statement",
  BigIntLiteral: "expected an integer within ±2⁵³: compare larger ones as bytes",
  ClassDeclaration: "classes are not supported: use functions, and variables outside of them",
  ForInStatement: "expected for (const byte of bytes)",
  FunctionDeclaration: NO_FUNCTION,
  FunctionExpression: NO_FUNCTION,
  LabeledStatement: "labels are not supported",
  NewExpression: "memory is allocated outside of functions: const NAME = new Uint8Array(N)",
  NullLiteral: "null is not supported: use undefined",
  NumericLiteral: "expected an integer within ±2⁵³: compare larger ones as bytes",
  ObjectExpression: NO_OBJECT,
  OptionalCallExpression: "compare with undefined first",
  OptionalMemberExpression: "compare with undefined first",
  SequenceExpression: "expected a statement for each expression",
  TemplateLiteral: "strings cannot be joined: pass each part",
  ThrowStatement: NO_EXCEPTION,
  TryStatement: NO_EXCEPTION,
  TSAsExpression: NO_ASSERTION,
  TSNonNullExpression: "non-null assertions are not supported: compare with undefined first",
  TSSatisfiesExpression: NO_ASSERTION,
  TSTypeAssertion: NO_ASSERTION,
  UpdateExpression: "an assignment must be a statement",
};

/** Refuses a node that is not part of the subset. */
export function refuseUnsupported(node: Node): never {
  refuse(node, INSTEAD[node.type] ?? `${node.type} is not part of the subset`);
}
