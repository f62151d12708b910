import { assertEquals } from "@std/assert";
import { type Place, readGlob } from "../../lib/routes/glob.ts";

/** Places as text, with a class as the ASCII characters that it matches. */
function words(places: readonly Place[]): string {
  return places.map((place) => {
    if (typeof place === "number") return String.fromCharCode(place);
    if (typeof place === "string") return ` ${place} `;
    if ("of" in place) return `<${place.of.map(words).join("|")}>`;
    let members = "";
    for (let i = 0; i < place.ranges.length; i += 2) {
      for (let byte = place.ranges[i]!; byte <= place.ranges[i + 1]!; byte++) {
        if (byte > 0x20 && byte < 0x7f) members += String.fromCharCode(byte);
      }
    }
    return members.length > 60 ? `not:${missing(members)}` : `(${members})`;
  }).join("");
}

function missing(members: string): string {
  const all = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i));
  return all.filter((letter) => !members.includes(letter)).join("");
}

const joined = (pattern: string) => words(readGlob(new TextEncoder().encode(pattern)));

Deno.test("readGlob() reads * and **, and more stars as **", () => {
  assertEquals(joined("/a*b**c***"), "/a * b ** c ** ");
});

Deno.test("readGlob() joins a slash after `/**` to it", () => {
  assertEquals(joined("/**/a"), "/ **/ a");
  assertEquals(joined("/***/**/a/**"), "/ **/  **/ a/ ** ");
  assertEquals(joined("**/a**/b/**c"), " ** /a ** /b/ ** c");
  assertEquals(joined("/{**/a,b/**}/"), "/< ** /a|b/ ** >/ ** ");
});

Deno.test("readGlob() reads a slash at the end as `/**`", () => {
  assertEquals(joined("/a/"), "/a/ ** ");
});

Deno.test("readGlob() reads classes: ranges, special characters as members, negation", () => {
  assertEquals(joined("[a-c]"), "(abc)");
  assertEquals(joined("[]a]"), "(]a)");
  assertEquals(joined("[a-]"), "(-a)");
  assertEquals(joined("[*?{,}[]"), "(*,?[{})");
  assertEquals(joined("[c-a]"), "()");
  assertEquals(joined("[!a]"), "not:/a");
  assertEquals(joined("[^]-]"), "not:-/]");
  assertEquals(joined("[+-0]"), "(+,-.0)");
  assertEquals(joined("?"), " ? ");
});

Deno.test("readGlob() takes an invalid class literally", () => {
  for (const text of ["[", "[]", "[!]", "[a", "x]", "[a/b]", "[/]"]) {
    assertEquals(joined(text), text);
  }
  assertEquals(readGlob(new TextEncoder().encode("[é]")).length, 4);
});

Deno.test("readGlob() takes unpaired braces, and those without a comma, literally", () => {
  for (const text of ["{", "}", "{}", "{a}", "{a,b", "a,b", "a}b{", "{a,{b}"]) {
    assertEquals(joined(text), text);
  }
});

Deno.test("readGlob() pairs braces, also nested ones", () => {
  assertEquals(joined("{a,b}"), "<a|b>");
  assertEquals(joined("{a,{b,c}}"), "<a|<b|c>>");
  assertEquals(joined("{x{a,b}}"), "{x<a|b>}");
  assertEquals(joined("{[,],b}"), "<(,)|b>");
  assertEquals(joined("{[,]}"), "{(,)}");
  assertEquals(joined("{,a}{b,{c,d}"), "<|a>{b,<c|d>");
});

Deno.test("readGlob() takes a backslash literally", () => {
  assertEquals(joined("\\*"), "\\ * ");
});
