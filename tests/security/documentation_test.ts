import { assertEquals } from "@std/assert";
import { findTests } from "../../tasks/find_tests.ts";
import { readPage } from "../../tasks/markdown.ts";
import { ROOT } from "../../tasks/start.ts";

const PAGE = "docs/security.md";
const PROMISES = readPage(PAGE).headings.filter(({ level }) => level === 3)
  .map(({ anchor }) => anchor);

/** The promises that a test file shows, by its lines `// Shows docs/security.md#HEADING`. */
function shown(path: string): string[] {
  const text = Deno.readTextFileSync(`${ROOT}/${path}`);
  return [...text.matchAll(/^\/\/ Shows docs\/security\.md#(\S+)$/gm)].map(([, anchor]) => anchor!);
}

Deno.test("each promise of docs/security.md has a test, and tests name no other promise", () => {
  const all = new Set(findTests("tests").flatMap(shown));
  assertEquals([...all].toSorted(), PROMISES.toSorted());
});
