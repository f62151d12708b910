/** The tables of CONTRIBUTING.md name existing files, tests and timeouts. */
import { assert, assertEquals } from "@std/assert";
import { exists } from "../tasks/exists.ts";
import { ROOT } from "../tasks/start.ts";

const page = Deno.readTextFileSync(`${ROOT}/CONTRIBUTING.md`);

/** The cells of all tables below a heading, without their padding. */
function cells(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1]!.split(/\n## /)[0]!;
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.flatMap((row) => row.split("|").map((cell) => cell.trim()));
}

const FILE = /`((?:lib|tests|config|docs|packaging)\/[\w./]*|deno\.json)`/g;

Deno.test("CONTRIBUTING.md names existing files and tests", () => {
  let tests = 0;
  for (const cell of [...cells("Recipes"), ...cells("State and timeouts")]) {
    const files = [...cell.matchAll(FILE)].map(([, path]) => path!);
    assertEquals(files.filter((path) => !exists(`${ROOT}/${path}`)), []);
    const [file] = files.filter((path) => path.endsWith("_test.ts"));
    for (const [, name] of file === undefined ? [] : cell.matchAll(/“([^”]+)”/g)) {
      assert(Deno.readTextFileSync(`${ROOT}/${file}`).includes(name!), `${file}: ${name}`);
      tests++;
    }
  }
  assert(tests > 10, `${tests}`);
});

Deno.test("CONTRIBUTING.md's map has each directory of lib/, and no other", () => {
  const named = [...page.matchAll(/^lib\/(\w+)\/ /gm)].map(([, name]) => name!);
  const there = [...Deno.readDirSync(`${ROOT}/lib`)].filter(({ isDirectory }) => isDirectory);
  assertEquals(named.sort(), there.map(({ name }) => name).sort());
});

Deno.test("CONTRIBUTING.md has each timeout as the code has it", () => {
  const named = cells("State and timeouts").flatMap((cell) => {
    const found = /^`(.+)` in `(.+)`$/.exec(cell);
    return found === null ? [] : [found.slice(1) as [string, string]];
  });
  assert(named.length > 10, `${named.length}`);
  const wrong = named.filter(([text, file]) =>
    !Deno.readTextFileSync(`${ROOT}/${file}`).includes(text)
  );
  assertEquals(wrong, []);
});
