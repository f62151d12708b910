/** Native code for the functions of outside.ts. */
import type { CallExpression, Expression, Node } from "@babel/types";
import type { Operand, Size, Variable } from "../native/language.ts";
import { Label } from "../native/program.ts";
import type { Body } from "./body.ts";
import { refuse } from "./refusal.ts";
import { copyBytes } from "./support.ts";
import { systemCall } from "./system_call.ts";
import {
  type Binding,
  BYTE,
  isWithin,
  knownNumber,
  NOTHING,
  numberValue,
  rangeOf,
  UINT32,
  type Value,
} from "./value.ts";

type Intrinsic = (body: Body, node: CallExpression, args: Value[]) => Value;

const BEYOND = "an index beyond the bytes";

/** By the function's name. */
export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  at: (body, node, [bytes, i]) => read(body, node, 1, bytes!, i!),
  u16: (body, node, [bytes, i]) => read(body, node, 2, bytes!, i!),
  u32: (body, node, [bytes, i]) => read(body, node, 4, bytes!, i!),
  put(body, node, [bytes, i, value]) {
    check(body, node, 1, bytes!, i!);
    const [place, offset] = placeOf(body, bytes!, i!);
    body.p.write(1, place, value!.words[0]!, offset);
    return NOTHING;
  },
  part(body, node, [bytes, from, to]) {
    const beyond = body.trap(node, BEYOND);
    const [address, length] = body.take("bytes") as [Variable, Variable];
    if (knownNumber(from!) !== 0) {
      body.p.branchUnless(from!.words[0]!, "<=", to!.words[0]!, beyond);
    }
    body.p.branchUnless(to!.words[0]!, "<=", bytes!.words[1]!, beyond);
    body.p.do(address, bytes!.words[0]!, "+", from!.words[0]!);
    body.p.do(length, to!.words[0]!, "-", from!.words[0]!);
    return { kind: "bytes", words: [address, length] };
  },
  copy(body, node, [into, i, from]) {
    const beyond = body.trap(node, "bytes that do not fit");
    const [room, place] = body.take("bytes") as [Variable, Variable];
    body.p.branchUnless(i!.words[0]!, "<=", into!.words[1]!, beyond);
    body.p.do(room, into!.words[1]!, "-", i!.words[0]!);
    body.p.branchUnless(from!.words[1]!, "<=", room, beyond);
    body.p.do(place, into!.words[0]!, "+", i!.words[0]!);
    body.p.call(body.unit.support("copy", copyBytes), place, ...from!.words);
    return NOTHING;
  },
  utf8: (_body, _node, [text]) => ({ ...text!, kind: "bytes" }),
  option(body, node) {
    const name = body.unit.constant(body, node.arguments[0] as Expression);
    const index = typeof name === "string" ? body.unit.optionIndex(name) : -1;
    if (index < 0) refuse(node, "expected the name of an option of the program");
    const [address, length] = body.take("bytes") as [Variable, Variable];
    body.p.readOption(address, length, index);
    return { kind: "bytes", words: [address, length] };
  },
  stackWord(body, node, [n]) {
    onlyIn("caller.ts", node);
    const into = body.take("number")[0]!;
    const known = knownNumber(n!);
    if (known !== undefined) body.p.read(into, 8, body.unit.stack, 8 * known);
    else {
      body.p.do(into, n!.words[0]!, "*", 8);
      body.p.readIndexed(into, 8, into, body.unit.stack);
    }
    return numberValue(into);
  },
  stackAddress(body, node, [n]) {
    onlyIn("linux.ts", node);
    const into = body.take("number")[0]!;
    body.p.do(into, n!.words[0]!, "*", 8);
    body.p.do(into, into, "+", body.unit.stack);
    return numberValue(into);
  },
  peek(body, node, [address]) {
    onlyIn("caller.ts", node);
    const into = body.take("number")[0]!;
    body.p.read(into, 1, address!.words[0]!);
    return numberValue(into, BYTE);
  },
  cString(body, node, [address]) {
    onlyIn("caller.ts", node);
    const [start, length] = body.take("bytes") as [Variable, Variable];
    const byte = body.take("number")[0]!;
    const again = new Label(), end = new Label();
    body.p.set(start, address!.words[0]!);
    body.p.set(length, start);
    body.p.mark(again);
    body.p.read(byte, 1, length);
    body.p.branchUnless(byte, "!=", 0, end);
    body.p.do(length, length, "+", 1);
    body.p.jump(again);
    body.p.mark(end);
    body.p.do(length, length, "-", start);
    return { kind: "bytes", words: [start, length] };
  },
  storeAddress(body, node, [into, i, of]) {
    check(body, node, 8, into!, i!);
    const [place, offset] = placeOf(body, into!, i!);
    body.p.write(8, place, of!.words[0]!, offset);
    return NOTHING;
  },
  storeWord(body, node, args) {
    return INTRINSICS["storeAddress"]!(body, node, args);
  },
  map(body, node, [descriptor, size, writable]) {
    onlyIn("linux.ts", node);
    const MAP_PRIVATE = 2;
    const [address, length] = body.take("bytes") as [Variable, Variable];
    const end = new Label();
    // PROT_READ is 1, PROT_WRITE 2.
    body.p.do(length, writable!.words[0]!, "*", 2);
    body.p.do(length, length, "|", 1);
    const [fd, bytes] = [descriptor!.words[0]!, size!.words[0]!];
    body.p.syscall(address, "mmap", 0, bytes, length, MAP_PRIVATE, fd, 0);
    body.p.set(length, bytes);
    body.p.branchUnless(address, "s<", 0, end);
    body.p.set(address, 0);
    body.p.set(length, 0);
    body.p.mark(end);
    return { kind: "bytes", words: [address, length] };
  },
  syscall(body, node, args) {
    onlyIn("linux.ts", node);
    return systemCall(body, node, args);
  },
};

/** Refuses functions for the stack and the kernel, which have no bounds, in other files. */
function onlyIn(file: string, node: Node): void {
  const { filename } = node.loc!;
  if (filename!.split("/").at(-1) === file) return;
  refuse(node, `only ${file} may call this: use one of its functions`);
}

function read(body: Body, node: CallExpression, size: Size, bytes: Value, i: Value): Value {
  check(body, node, size, bytes, i);
  const into = body.take("number")[0]!;
  const offset = knownOffset(i);
  if (offset !== undefined) body.p.read(into, size, bytes.words[0]!, offset);
  else body.p.readIndexed(into, size, bytes.words[0]!, i.words[0]!);
  return numberValue(into, size === 1 ? BYTE : size === 2 ? [0, 2 ** 16 - 1] : UINT32);
}

/** An address and a constant offset for an index. */
function placeOf(body: Body, bytes: Value, i: Value): [Operand, number] {
  const offset = knownOffset(i);
  if (offset !== undefined) return [bytes.words[0]!, offset];
  const place = body.take("number")[0]!;
  body.p.do(place, bytes.words[0]!, "+", i.words[0]!);
  return [place, 0];
}

/** A constant index that fits an instruction. */
function knownOffset(i: Value): number | undefined {
  return isWithin(rangeOf(i), [0, 2 ** 31 - 1]) ? knownNumber(i) : undefined;
}

/** Writes a check that the bytes at an index exist, unless that is known. */
function check(body: Body, node: CallExpression, size: Size, bytes: Value, i: Value): void {
  if (bytes.kind !== "bytes" || i.kind !== "number") refuse(node, "expected bytes and a number");
  const length = bytes.words[1]!;
  if (typeof length === "number" && isWithin(rangeOf(i), [0, length - size])) return;
  if (size === 1 && i.within !== undefined) {
    if (i.within === bindingOf(body, node.arguments[0]!)) return;
  }
  const beyond = body.trap(node, BEYOND);
  if (size === 1) return body.p.branchUnless(i.words[0]!, "<", length, beyond);
  const room = body.take("number")[0]!;
  body.p.branchUnless(i.words[0]!, "<=", length, beyond);
  body.p.do(room, length, "-", i.words[0]!);
  body.p.branchUnless(room, ">=", size, beyond);
}

function bindingOf(body: Body, node: Node): Binding | undefined {
  if (node.type !== "Identifier") return undefined;
  const local = body.scope.find(node.name);
  if (local !== undefined) return local.what === "variable" ? local.binding : undefined;
  const declared = body.declared(node);
  return declared === undefined ? undefined : body.unit.binding(declared, node);
}
