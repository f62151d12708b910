import {
  assert,
  assertEquals,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

/** What a check throws, without use of the functions under test. */
function thrown(check: () => void): unknown {
  try {
    check();
  } catch (error) {
    return error;
  }
  return undefined;
}

Deno.test("each assertion throws AssertionError if it does not hold", () => {
  const cases: [() => void, () => void][] = [
    [() => assert(1), () => assert(0)],
    [
      () => assertEquals({ a: [1] }, { a: [1] }),
      () => assertEquals<unknown>({ a: [1] }, { a: [2] }),
    ],
    [() => assertEquals(new Uint8Array(2), new Uint8Array(2)), () => assertEquals<unknown>("1", 1)],
    [() => assertNotEquals({ a: 1 }, { a: 2 }), () => assertNotEquals({ a: 1 }, { a: 1 })],
    [() => assertStrictEquals("a", "a"), () => assertStrictEquals({}, {})],
    [() => assertStringIncludes("abc", "b"), () => assertStringIncludes("abc", "x")],
    [() => assertMatch("abc", /^a/), () => assertMatch("abc", /^b/)],
    [() => assertThrows(() => thrower(), TypeError, "no"), () => assertThrows(() => 1)],
    [() => assertThrows(() => thrower()), () => assertThrows(() => thrower(), RangeError)],
    [() => assertThrows(() => thrower()), () => assertThrows(() => thrower(), TypeError, "yes")],
  ];
  for (const [holds, fails] of cases) {
    if (thrown(holds) !== undefined) throw new Error(`${holds} threw`);
    if (!(thrown(fails) instanceof AssertionError)) throw new Error(`${fails} did not throw`);
  }
});

function thrower(): never {
  throw new TypeError("no");
}

Deno.test("assertThrows() and assertRejects() return the error", async () => {
  assertEquals(assertThrows(thrower, TypeError).message, "no");
  const error = await assertRejects(() => Promise.reject(new RangeError("far")), RangeError, "far");
  assertEquals(error.message, "far");
  await assertRejects(() => assertRejects(() => Promise.resolve(1)), AssertionError, "reject");
});

Deno.test("an assertion's error ends with the given message", () => {
  const error = thrown(() => assertEquals(1, 2, "in the middle"));
  assert(error instanceof AssertionError && error.message.endsWith("in the middle"));
});
