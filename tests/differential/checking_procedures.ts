/** Procedures that check in a native program whether memory is its own. */
import type { Address, Operand, Procedure, Variable } from "../../lib/native/language.ts";
import type { Program } from "../../lib/native/program.ts";
import { repeat, when } from "./statements.ts";

/** A range: its first byte, the one after its last, and 1 if it is writable. */
export const RANGE = { start: 0, limit: 8, writable: 16, end: 32 };
export const MAX_RANGES = 4096;
/** For the kernel's stack and each table that is mapped. */
const MAX_LATE_RANGES = 64;
const WORD = 8;

export interface CheckingProcedures {
  readonly address: Variable;
  readonly size: Variable;
  /** RANGEs, sorted. */
  readonly ranges: Address;
  readonly nRanges: Variable;
  /** Is an access within one range? Takes its address, its size, and 0 to load or 1 to store. */
  readonly range: Procedure;
  /** Does a string end in the range in which it begins? */
  readonly string: Procedure;
  /** Is this an array of strings' addresses that ends with a zero? */
  readonly addresses: Procedure;
  readonly mapped: Procedure;
  readonly stackRange: Procedure;
  readonly checkOrder: Procedure;
}

export function checkingProcedures(p: Program): CheckingProcedures {
  const names = ["start", "limit", "writable", "late_end", "n"] as const;
  const { start, limit, writable, late_end: lateEnd, n } = variables(p, "check", names);
  const late = p.buffer("check.late_ranges", MAX_LATE_RANGES * RANGE.end);
  const ranges = p.buffer("check.ranges", MAX_RANGES * RANGE.end);
  const range = writeRange(p, { late, lateEnd, ranges, n }, { start, limit, writable });
  const string = writeString(p, range, limit);
  return {
    address: p.variable("check.address"),
    size: p.variable("check.length"),
    ...{ ranges, nRanges: n, range, string },
    addresses: writeAddresses(p, range, string, limit),
    ...writeLateRanges(p, late, lateEnd),
    checkOrder: writeCheckOrder(p, ranges, n),
  };
}

interface Lists {
  readonly late: Address;
  /** The end of the last one; 0 at the start. */
  readonly lateEnd: Variable;
  readonly ranges: Address;
  readonly n: Variable;
}

/** The range that was found last. */
type Found = Readonly<Record<"start" | "limit" | "writable", Variable>>;

function variables<Name extends string>(p: Program, of: string, names: readonly Name[]) {
  const pairs = names.map((name) => [name, p.variable(`${of}.${name}`)]);
  return Object.fromEntries(pairs) as Record<Name, Variable>;
}

/** Ends the program by SIGSEGV, which nothing else does: p.trap() is another signal. */
function fault(p: Program): void {
  p.write(8, 8, 0);
}

function take(p: Program, place: Operand, { start, limit, writable }: Found): void {
  p.read(start, 8, place, RANGE.start);
  p.read(limit, 8, place, RANGE.limit);
  p.read(writable, 8, place, RANGE.writable);
}

function writeRange(p: Program, { late, lateEnd, ranges, n }: Lists, found: Found): Procedure {
  const names = ["at", "size", "store", "end", "place", "low", "high"] as const;
  const { at, size, store, end, place, low, high } = variables(p, "check.range", names);
  const returnIfFound = () => {
    when(p, at, ">=", found.start, () => {
      when(p, end, "<=", found.limit, () => when(p, store, "<=", found.writable, () => p.return()));
    });
  };
  return p.procedure("check.range", [at, size, store], () => {
    when(p, size, "==", 0, () => p.return());
    p.do(end, at, "+", size);
    when(p, end, "<", at, () => fault(p));
    returnIfFound(); // it is usually the same range as last time
    p.set(place, late);
    repeat(p, (over) => {
      p.branchUnless(place, "<", lateEnd, over);
      take(p, place, found);
      returnIfFound();
      p.do(place, place, "+", RANGE.end);
    });
    p.set(low, 0);
    p.set(high, n);
    repeat(p, (over) => {
      p.do(place, low, "+", high);
      p.do(place, place, ">>", 1);
      when(p, place, "==", low, () => p.jump(over));
      p.do(end, place, "*", RANGE.end);
      p.do(end, end, "+", ranges);
      p.read(found.start, 8, end, RANGE.start);
      when(p, found.start, "<=", at, () => p.set(low, place), () => p.set(high, place));
    });
    p.do(place, low, "*", RANGE.end);
    p.do(place, place, "+", ranges);
    take(p, place, found);
    p.do(end, at, "+", size);
    returnIfFound();
    fault(p);
  });
}

function writeString(p: Program, range: Procedure, limit: Variable): Procedure {
  const { next, byte } = variables(p, "check.string", ["next", "byte"] as const);
  return p.procedure("check.string", [next], () => {
    p.call(range, next, 1, 0);
    repeat(p, () => {
      when(p, next, "==", limit, () => fault(p));
      p.read(byte, 1, next);
      when(p, byte, "==", 0, () => p.return());
      p.do(next, next, "+", 1);
    });
  });
}

function writeAddresses(p: Program, range: Procedure, string: Procedure, limit: Variable) {
  const names = ["next", "end", "word", "room"] as const;
  const { next, end, word, room } = variables(p, "check.addresses", names);
  return p.procedure("check.addresses", [next], () => {
    p.call(range, next, WORD, 0);
    p.set(end, limit);
    repeat(p, () => {
      p.do(room, end, "-", next);
      when(p, room, "<", WORD, () => fault(p));
      p.read(word, 8, next);
      when(p, word, "==", 0, () => p.return());
      p.call(string, word);
      p.do(next, next, "+", WORD);
    });
  });
}

/** Ranges that are known only when the program runs. */
function writeLateRanges(p: Program, late: Address, lateEnd: Variable) {
  const PROT_WRITE = 2, AT_EXECFN = 31;
  const names = ["start", "limit", "writable", "word", "byte"] as const;
  const { start, limit, writable, word, byte } = variables(p, "check.late", names);
  const add = () => {
    p.do(word, late, "+", MAX_LATE_RANGES * RANGE.end);
    when(p, lateEnd, "==", word, () => fault(p));
    p.write(8, lateEnd, start, RANGE.start);
    p.write(8, lateEnd, limit, RANGE.limit);
    p.write(8, lateEnd, writable, RANGE.writable);
    p.do(lateEnd, lateEnd, "+", RANGE.end);
  };
  const mapped = p.procedure("check.mapped", [start, limit, writable], () => {
    when(p, start, "s<", 0, () => p.return());
    p.do(limit, start, "+", limit);
    p.do(writable, writable, "&", PROT_WRITE);
    p.do(writable, writable, ">>", 1);
    add();
  });
  /** From argc to the end of AT_EXECFN's string, the last one. */
  const stackRange = p.procedure("check.stack", [start], () => {
    p.set(lateEnd, late);
    p.read(word, 8, start);
    p.do(limit, word, "+", 1); // argc, its argv
    p.do(limit, limit, "*", WORD);
    p.do(limit, limit, "+", start);
    for (let zeros = 0; zeros < 2; zeros++) { // after argv, after envp
      repeat(p, (end) => {
        p.read(word, 8, limit);
        p.do(limit, limit, "+", WORD);
        when(p, word, "==", 0, () => p.jump(end));
      });
    }
    repeat(p, (end) => {
      p.read(word, 8, limit);
      when(p, word, "==", 0, () => fault(p));
      when(p, word, "==", AT_EXECFN, () => p.jump(end));
      p.do(limit, limit, "+", 2 * WORD);
    });
    p.read(limit, 8, limit, WORD);
    repeat(p, (end) => {
      p.read(byte, 1, limit);
      p.do(limit, limit, "+", 1);
      when(p, byte, "==", 0, () => p.jump(end));
    });
    p.set(writable, 0);
    add();
  });
  return { mapped, stackRange };
}

/** The search requires sorted ranges. */
function writeCheckOrder(p: Program, ranges: Address, n: Variable): Procedure {
  const names = ["place", "left", "start", "limit"] as const;
  const { place, left, start, limit } = variables(p, "check.order", names);
  return p.procedure("check.order", [], () => {
    p.set(place, ranges);
    p.set(left, n);
    repeat(p, (end) => {
      p.branchUnless(left, "!=", 0, end);
      p.read(start, 8, place, RANGE.start);
      when(p, start, "<", limit, () => fault(p));
      p.read(limit, 8, place, RANGE.limit);
      p.do(place, place, "+", RANGE.end);
      p.do(left, left, "-", 1);
    });
  });
}
