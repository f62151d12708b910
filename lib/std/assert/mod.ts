/**
 * Stand-in for jsr:@std/assert, on node:assert: the assertions that the tests use.
 * https://github.com/denoland/std/tree/main/assert
 */
import node from "node:assert/strict";

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
  orThrow(() => node.deepStrictEqual(actual, expected), msg);
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  orThrow(() => node.notDeepStrictEqual(actual, expected), msg);
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  orThrow(() => node.strictEqual(actual, expected), msg);
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  const why = `Expected actual: ${JSON.stringify(actual)} to contain: ${JSON.stringify(expected)}`;
  assert(actual.includes(expected), msg === undefined ? why : `${why}: ${msg}`);
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  const why = `Expected actual: ${JSON.stringify(actual)} to match: ${String(expected)}`;
  assert(expected.test(actual), msg === undefined ? why : `${why}: ${msg}`);
}

// deno-lint-ignore no-explicit-any -- as in @std/assert
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

function checkError(error: unknown, ErrorClass?: ErrorClass<Error>, includes?: string): Error {
  assert(error instanceof Error, "A non-Error object was thrown");
  const name = error.constructor.name;
  const wanted = ErrorClass?.name;
  assert(
    ErrorClass === undefined || error instanceof ErrorClass,
    `Expected error to be instance of "${wanted}", but was "${name}": ${error.message}`,
  );
  if (includes !== undefined) assertStringIncludes(error.message, includes);
  return error;
}

/** Returns the error that the function throws; checks its class and message, if given. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, ErrorClass, msgIncludes) as E;
  }
  throw new AssertionError("Expected function to throw");
}

/** As assertThrows(), for a function whose promise is rejected. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, ErrorClass, msgIncludes) as E;
  }
  throw new AssertionError("Expected function to reject");
}
