/** Stand-in for jsr:@std/assert, on node:assert. Same names, same results for what the tests use. */
import assert_ from "node:assert/strict";

export class AssertionError extends Error {
  override name = "AssertionError";
}

function orThrow(check: () => void, msg?: string): void {
  try {
    check();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new AssertionError(msg === undefined ? detail : `${detail}: ${msg}`);
  }
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  orThrow(() => assert_.deepStrictEqual(actual, expected), msg);
}
