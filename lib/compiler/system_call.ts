/** Compiles system calls, with a check that each buffer is large enough for the kernel. */
import type { CallExpression, Expression } from "@babel/types";
import { type Parameter, SYSCALL_NAMES, type SyscallName, syscallOf } from "../native/syscalls.ts";
import type { Body } from "./body.ts";
import { refuse } from "./refusal.ts";
import { knownNumber, numberValue, type Value } from "./value.ts";

/** The first of `args` is the name. */
export function systemCall(body: Body, node: CallExpression, [, ...args]: Value[]): Value {
  const name = body.unit.constant(body, node.arguments[0] as Expression);
  if (!isSyscall(name)) refuse(node, "expected the name of a system call that is in the table");
  const { parameters } = syscallOf(name, body.p.host);
  if (args.length !== parameters.length) {
    refuse(node, `${name} takes ${parameters.length} arguments`);
  }
  parameters.forEach((parameter, i) => check(body, node, parameter, i, args));
  const into = body.take("number")[0]!;
  body.p.syscall(into, name, ...args.map(({ words }) => words[0]!));
  return numberValue(into);
}

function isSyscall(name: unknown): name is SyscallName {
  return SYSCALL_NAMES.some((each) => each === name);
}

function check(
  body: Body,
  node: CallExpression,
  parameter: Parameter,
  position: number,
  args: readonly Value[],
): void {
  const arg = args[position]!;
  const fail = (expected: string) => refuse(node.arguments[position + 1]!, `expected ${expected}`);
  if (parameter === "number") {
    if (arg.kind !== "number") fail("a number");
    return;
  }
  if (typeof parameter === "object" && "optional" in parameter) {
    // An array of addresses can be on the stack: its address is a number.
    const isNone = knownNumber(arg) === 0 || parameter.optional === "addresses";
    if (arg.kind === "number" && isNone) return;
    return check(body, node, parameter.optional, position, args);
  }
  if (arg.kind !== "bytes") fail("bytes");
  if (parameter === "addresses") return;
  const small = body.trap(node, "a buffer that does not fit the system call");
  const [address, length] = arg.words;
  if (parameter === "path") {
    const last = body.take("number")[0]!;
    body.p.branchUnless(length!, "!=", 0, small);
    body.p.do(last, address!, "+", length!);
    body.p.read(last, 1, last, -1);
    return body.p.branchUnless(last, "==", 0, small);
  }
  const size = "size" in parameter ? parameter.size : args[parameter.sizedBy]!.words[0]!;
  if (size === length) return;
  if (typeof size === "number" && typeof length === "number" && size <= length) return;
  body.p.branchUnless(size, "<=", length!, small);
}
