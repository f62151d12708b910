import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { shellCommand, shellQuote } from "../lib/shell_quote.ts";

const SEED = 20261122;
const SHELLS = ["sh", "bash"];
const encoder = new TextEncoder();
// deno-lint-ignore no-control-regex
const OBEYED = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

/** The words that a shell reads in a line, as bytes. */
async function words(shell: string, line: string): Promise<Uint8Array[]> {
  const { success, stdout } = await new Deno.Command(shell, {
    args: ["-c", `printf '%s\\0' ${line}`],
    stderr: "inherit",
  }).output();
  assert(success, line);
  const all: Uint8Array[] = [];
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf(0, at);
    all.push(stdout.subarray(at, end));
    at = end + 1;
  }
  return all;
}

const bytes = fc.uint8Array({ min: 1, max: 255, maxLength: 12 });
const text = fc.string({ unit: "grapheme", maxLength: 12 })
  .map((text) => encoder.encode(text.replaceAll("\0", "\n")));
const hard = fc.array(
  fc.constantFrom(..."'\"\\$`!%- \n\t*?[]{}~#&;|<>()=\x1b\x7f\u202eé0aA"),
  { maxLength: 12 },
).map((letters) => encoder.encode(letters.join("")));

Deno.test("shellQuote() gives words that sh and bash read back byte for byte", async () => {
  const lists = fc.array(fc.oneof(bytes, text, hard), { minLength: 60, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      const line = list.map(shellQuote).join(" ");
      for (const shell of SHELLS) assertEquals(await words(shell, line), list);
    }),
    { seed: SEED, numRuns: 15 },
  );
});

Deno.test("shellQuote() escapes what a terminal would obey", () => {
  fc.assert(
    fc.property(fc.oneof(bytes, text, hard), (word) => {
      const shown = shellQuote(word).replace(/'\n+'$/, ""); // newlines at the end are kept
      assert(!OBEYED.test(shown), shown);
    }),
    { seed: SEED },
  );
});

Deno.test("shellQuote() leaves plain words as they are", () => {
  for (const word of ["/usr/bin/qemu-aarch64", "--", "-0", "--a=b", "a,b:c@d%e+f", "/a=b"]) {
    assertEquals(shellQuote(word), word);
  }
  assertEquals(["", "a b", "it's", "~", "a=b", "é"].map(shellQuote), [
    "''",
    "'a b'",
    "'it'\\''s'",
    "'~'",
    "'a=b'",
    "'é'",
  ]);
  assertEquals(shellQuote(Uint8Array.of(0x61, 0xff, 0x31)), `"$(printf 'a\\377\\061')"`);
});

Deno.test("shellCommand() sets variables for the command alone", async () => {
  const variables = ["A=it's", "B_1="].map((each) => encoder.encode(each));
  const argv = ["sh", "-c", 'printf "%s\\0" "$A" "$B_1" "$0"', "x y"].map((each) =>
    encoder.encode(each)
  );
  const line = shellCommand(argv, variables);
  assert(line.startsWith("A='it'\\''s' B_1='' sh -c "), line);
  for (const shell of SHELLS) {
    const { stdout } = await new Deno.Command(shell, { args: ["-c", line] }).output();
    assertEquals(new TextDecoder().decode(stdout), "it's\0\0x y\0");
  }
});

Deno.test("shellCommand() uses env for names that a shell cannot set", () => {
  const argv = [encoder.encode("/x")];
  assertEquals(shellCommand(argv, [encoder.encode("a-b=c d")]), "env 'a-b=c d' /x");
});
