import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { matchesGlob } from "../../../lib/handler/decide/glob.ts";
import { GLOB_BYTE } from "../../../lib/routes/format.ts";
import { readings } from "../../../lib/routes/readings.ts";
import { toBytes } from "../../routes/byte_text.ts";

const SLASH = 0x2f;

const toCode = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The bytes of a pattern without braces. */
function codeOf(pattern: string): Uint8Array {
  const code = [...readings(pattern)].find((reading) => reading?.kind === "glob");
  assert(code !== undefined, `${pattern} is not a pattern`);
  return toCode(code.text);
}

const matched = (pattern: string, ...paths: string[]) =>
  paths.filter((path) => matchesGlob(codeOf(pattern), toBytes(path)));

Deno.test("matchesGlob() keeps `*`, `?` and classes within a name", () => {
  assertEquals(matched("/a/*", "/a", "/a/", "/a/b", "/a/b/c"), ["/a/", "/a/b"]);
  assertEquals(matched("/a?", "/a", "/ab", "/a/", "/abc"), ["/ab"]);
  assertEquals(matched("/a[!x]b", "/ayb", "/axb", "/a/b"), ["/ayb"]);
});

Deno.test("matchesGlob() lets `**` cross directories, and `/**/` match one slash", () => {
  const paths = ["/ab", "/a/b", "/a/x/b", "/a/x/y/b", "/a/xb", "/a/bx"];
  assertEquals(matched("/a**b", ...paths), paths.slice(0, 5));
  assertEquals(matched("/a/**/b", ...paths), paths.slice(1, 4));
  assertEquals(matched("/**/**/b", "/b", "/x/b", "/x/y/b", "/xb"), ["/b", "/x/b", "/x/y/b"]);
});

Deno.test("matchesGlob() goes back to the last `**` if a `*` cannot reach far enough", () => {
  assertEquals(matched("/**x*y", "/x/xy", "/x/x/y", "/xx/zxzy").length, 2);
  assertEquals(matched("/**/a*/b*c", "/a/b/a/bc", "/a1/a2/bxc", "/a/bc/d").length, 2);
  assertEquals(matched("/**/*.d/x", "/a/b.d/x", "/.d/x/x", "/b.d/c.d/x").length, 2);
});

Deno.test("matchesGlob() treats no byte of a path as special", () => {
  const path = Uint8Array.of(0x2f, ...Object.values(GLOB_BYTE), 0xff);
  assert(matchesGlob(codeOf("/*"), path));
  assert(matchesGlob(codeOf("/??????"), path));
  assert(!matchesGlob(codeOf("/*a"), path));
  assert(!matchesGlob(codeOf("/[!a]"), path));
});

/** What matchesGlob() should find, by exhaustive search. */
function searched(code: Uint8Array, path: Uint8Array): boolean {
  const known = new Map<number, boolean>();
  const fits = (i: number, k: number): boolean => {
    const key = i * (path.length + 1) + k;
    const found = known.get(key) ?? look(i, k);
    known.set(key, found);
    return found;
  };
  const look = (i: number, k: number): boolean => {
    const place = code[i];
    const byte = path[k];
    if (place === undefined) return byte === undefined;
    if (place === GLOB_BYTE.STAR || place === GLOB_BYTE.STARS) {
      const goesOn = byte !== undefined && (byte !== SLASH || place === GLOB_BYTE.STARS);
      return fits(i + 1, k) || (goesOn && fits(i, k + 1));
    }
    if (place === GLOB_BYTE.DIRECTORIES) {
      return fits(i + 1, k) ||
        path.some((byte, end) => end >= k && byte === SLASH && fits(i + 1, end + 1));
    }
    if (byte === undefined) return false;
    if (place === GLOB_BYTE.ANY) return byte !== SLASH && fits(i + 1, k + 1);
    if (place !== GLOB_BYTE.CLASS) return place === byte && fits(i + 1, k + 1);
    const ranges = code.subarray(i + 2, i + 2 + 2 * code[i + 1]!);
    const holds = ranges.some((first, k) => k % 2 === 0 && first <= byte && byte <= ranges[k + 1]!);
    return holds && fits(i + 2 + ranges.length, k + 1);
  };
  return fits(0, 0);
}

/** The bytes behind a proxy that counts each read. */
function counted(bytes: Uint8Array, count: () => void): Uint8Array {
  return new Proxy(bytes, {
    get(target, key) {
      if (key === "subarray") {
        return (from: number, to: number) => counted(target.subarray(from, to), count);
      }
      if (key !== "length") count();
      return Reflect.get(target, key, target);
    },
  });
}

/** The number of bytes read, divided by the pattern's length times the path's. */
function cost(code: Uint8Array, path: Uint8Array): number {
  let n = 0;
  const count = () => void n++;
  matchesGlob(counted(code, count), counted(path, count));
  return n / (code.length * path.length);
}

const MAX_COST = 5;

Deno.test("matchesGlob() agrees with exhaustive search, within its limit of steps", () => {
  // Each piece with what it may match.
  const unit = fc.constantFrom(
    ...[["a", "a"], ["ab", "ab"], ["?", "b"], ["[ab]", "a"], ["[!a]", "\udcff"], ["/", "/"]],
    ...[["*", ""], ["*", "ab"], ["**", "a/"], ["**", "b"], ["/**/", "/"], ["/**/", "/b/a/"]],
  );
  const letter = fc.constantFrom(..."aaabb/", "\udcff");
  const path = fc.array(letter, { maxLength: 40 }).map((letters) => letters.join(""));
  const pair = fc.record({
    units: fc.array(unit, { minLength: 1, maxLength: 16 }),
    paths: fc.array(path, { minLength: 2, maxLength: 2 }),
    from: fc.nat(20),
    letter,
  }).map(({ units, paths, from, letter }) => {
    const near = units.map(([, text]) => text).join("");
    const changed = near.slice(0, from) + letter + near.slice(from + 1);
    return {
      pattern: `/${units.map(([text]) => text).join("")}`,
      paths: [...paths, near, changed],
    };
  });
  const seen = { matched: 0, not: 0 };
  const property = fc.property(pair, ({ pattern, paths }) => {
    const found = [...readings(pattern)][1];
    if (found?.kind !== "glob") return;
    const code = toCode(found.text);
    for (const each of paths) {
      const path = toBytes(`/${each}`);
      const expected = searched(code, path);
      assertEquals(matchesGlob(code, path), expected, each);
      assert(cost(code, path) < MAX_COST, each);
      if (expected) seen.matched++;
      else seen.not++;
    }
  });
  fc.assert(property, { seed: 20261122, numRuns: 8000 });
  assert(Math.min(seen.matched, seen.not) > 5000, JSON.stringify(seen));
});

Deno.test("matchesGlob() takes at most pattern times path steps", () => {
  for (
    const [unit, end] of [
      ...[["**a", "b"], ["*a", "b"], ["?", "b"], ["**aa*a", "b"], ["/**/a*a", "b"], ["/a", "b"]],
      ...[["**/a*", "b"], ["*a/", "b"], ["**a/a*/", "b"], ["**[ab]*[!b]", "c"], ["a", "**b"]],
      ...[["**aaaa", "b"], ["/**/a/a*a", "/b"], ["aaaa*/", "**b"]],
    ] as const
  ) {
    for (const n of [1, 30]) {
      const codes = ["/", "/**", "/**/", "/*"].map((start) =>
        codeOf(`${start}${unit.repeat(n)}${end}*`)
      );
      for (const part of ["a", "/", "/a", "aa/", "a/aaa", `${"a".repeat(249)}/`]) {
        const path = toBytes(`/${part.repeat(500 / part.length)}`);
        for (const code of codes) {
          const found = cost(code, path);
          assert(found < MAX_COST, `${n} times ${unit} on ${part}: ${found}`);
        }
      }
    }
  }
});
