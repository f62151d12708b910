import { assertEquals } from "@std/assert";
import { MARKER } from "../../lib/routes/format.ts";
import { fillIn, fillInTarget, pathPieces, template } from "../../lib/routes/template.ts";
import { HEXAGON, JAR, X86_64 } from "./small_config.ts";

Deno.test("fillIn() puts markers and the target's words in, and leaves other words", () => {
  const markers = { program: MARKER.PROGRAM };
  assertEquals(fillIn("a{program}{machine}-{gnu}{x}{}", X86_64, markers)!.filter((p) => p !== ""), [
    "a",
    MARKER.PROGRAM,
    "x86_64",
    "-",
    "x86_64-linux-gnu",
    "{x}",
    "{}",
  ]);
  assertEquals(
    fillIn("{toString}{constructor}", X86_64, markers)!.join(""),
    "{toString}{constructor}",
  );
  // A machine's name is no pattern for what comes next.
  assertEquals(fillInTarget("{{machine}}", X86_64), "{x86_64}");
});

Deno.test("fillIn() has nothing for a word that the target does not have", () => {
  assertEquals(fillInTarget("/usr/{debian}", X86_64), "/usr/amd64");
  assertEquals(fillInTarget("/usr/{debian}", HEXAGON), undefined);
  assertEquals(fillInTarget("/usr/{gnu}", JAR), undefined);
  assertEquals(fillInTarget("{program}", JAR), "{program}");
});

Deno.test("pathPieces() knows a home and a data directory at the start only", () => {
  assertEquals(pathPieces("~/x"), [MARKER.HOME, "/x"]);
  assertEquals(pathPieces("{XDG_DATA_HOME}/x"), [MARKER.XDG_DATA_HOME, "/x"]);
  for (const path of ["/~/x", "~x", "/{XDG_DATA_HOME}"]) assertEquals(pathPieces(path), [path]);
});

Deno.test("template() ends items with a zero byte and itself with its mark", () => {
  const { ARGV0, END } = MARKER;
  const bytes = String.fromCharCode(0xc3, 0xa9, ARGV0, 0, 0, 0x61, 0x62, 0, END);
  assertEquals(template([["é", ARGV0], [], ["a\0b"]]), bytes);
  assertEquals(template([]), String.fromCharCode(END));
});
