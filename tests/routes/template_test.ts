import { assertEquals } from "@std/assert";
import { MARKER } from "../../lib/routes/format.ts";
import {
  encoded,
  encodedPath,
  fillIn,
  fillInEncoded,
  namesLibrary,
} from "../../lib/routes/template.ts";
import { HEXAGON, JAR, X86_64 } from "./small_config.ts";

const { ARGV0, HOME, PROGRAM, VARIABLE, XDG_DATA_HOME } = MARKER;

function bytes(...pieces: readonly (string | number)[]): string {
  return pieces.map((piece) => typeof piece === "number" ? String.fromCharCode(piece) : piece)
    .join("");
}

Deno.test("fillIn() fills in the target's placeholders and leaves others", () => {
  assertEquals(fillIn("a{machine}-{gnu}{x}{}", X86_64), "ax86_64-x86_64-linux-gnu{x}{}");
  assertEquals(fillIn("{toString}{program}", X86_64), "{toString}{program}");
  // What is filled in is not read again.
  assertEquals(fillIn("{{machine}}", X86_64), "{x86_64}");
});

Deno.test("fillIn() gives undefined for a placeholder without a value", () => {
  assertEquals(fillIn("/usr/{debian}", X86_64), "/usr/amd64");
  assertEquals(fillIn("/usr/{debian}", HEXAGON), undefined);
  assertEquals(fillIn("/usr/{gnu}", JAR), undefined);
});

Deno.test("namesLibrary() finds placeholders that depend on the C library", () => {
  const texts = ["{machine}", "a{gnu}", "{debian}b", "{program}", "machine", ""];
  assertEquals(texts.map(namesLibrary), [false, true, true, false, false, false]);
});

Deno.test("fillInEncoded() encodes the target's name without reading its placeholders", () => {
  const item = encoded("{program}{machine}", { program: PROGRAM });
  const target = { ...JAR, name: "é{program}" };
  assertEquals(fillInEncoded(item, target), bytes(PROGRAM, 0xc3, 0xa9, "{program}", 0));
});

Deno.test("encodedPath() encodes ~ and {XDG_DATA_HOME} only at the start", () => {
  assertEquals(encodedPath("~/x"), bytes(HOME, "/x", 0));
  assertEquals(encodedPath("{XDG_DATA_HOME}/x"), bytes(XDG_DATA_HOME, "/x", 0));
  for (const path of ["/~/x", "~x", "/{XDG_DATA_HOME}"]) {
    assertEquals(encodedPath(path), bytes(path, 0));
  }
});

Deno.test("encoded() ends with a zero byte and contains no other", () => {
  assertEquals(encoded("é{argv0}", { argv0: ARGV0 }), bytes(0xc3, 0xa9, ARGV0, 0));
  assertEquals(encoded("a\0b", {}, VARIABLE), bytes(VARIABLE, "ab", 0));
  assertEquals(encoded(""), "\0");
});
