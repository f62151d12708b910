import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { EXPLAIN_VERSION, reportJson } from "../../lib/explain/json.ts";
import type { Report } from "../../lib/explain/report.ts";

const SEED = 20261122;

/** A report with only these bytes. */
const json = (bytes: Uint8Array) => reportJson({ kind: bytes } as unknown as Report);

/** What docs/json.md says about bytes: Python's os.fsencode(). */
function encode(text: string): number[] {
  return [...text].flatMap((letter) => {
    const code = letter.codePointAt(0)!;
    return code >= 0xdc80 && code <= 0xdcff
      ? [code - 0xdc00]
      : [...new TextEncoder().encode(letter)];
  });
}

Deno.test("reportJson() loses no byte", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.array(
      fc.constantFrom(0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xb2, 0xef, 0xbb, 0xbf),
    )
      .map((each) => Uint8Array.from(each)),
  );
  fc.assert(
    fc.property(bytes, (bytes) => {
      assertEquals(encode(JSON.parse(json(bytes)).kind), [...bytes]);
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

Deno.test("reportJson() is plain JSON text with its version first", () => {
  const text = json(Uint8Array.of(0x2f, 0xff));
  assert(text.includes('"kind": "/\\udcff"'), text);
  assert(text.startsWith(`{\n  "version": ${EXPLAIN_VERSION},\n`), text);
});

Deno.test("reportJson() has null for what is unknown", () => {
  assertEquals(JSON.parse(reportJson({ rule: undefined } as unknown as Report)).rule, null);
});

Deno.test("docs/json.md names every key that explain --json has", () => {
  const root = new URL("../../", import.meta.url);
  const page = Deno.readTextFileSync(new URL("docs/json.md", root));
  const directory = new URL("tests/testdata/explain/", root);
  const keys = new Set<string>();
  for (const { name } of Deno.readDirSync(directory)) {
    if (!name.endsWith(".json")) continue;
    JSON.parse(Deno.readTextFileSync(new URL(name, directory)), (key, value) => {
      if (key !== "" && !/^\d+$/.test(key)) keys.add(key);
      return value;
    });
  }
  assert(keys.size > 50);
  assertEquals([...keys].filter((key) => !page.includes(`\`${key}\``)), []);
});
