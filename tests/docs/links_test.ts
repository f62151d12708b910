/** Links within README.md and docs/, and what there must not be. */
import { assertEquals } from "@std/assert";
import { linkTarget, type Page, pagePaths, readPage } from "../../tasks/markdown.ts";
import { ROOT } from "../../tasks/start.ts";

const pages = new Map(pagePaths().map((path) => [path, readPage(path)]));

function isThere(path: string): boolean {
  try {
    Deno.statSync(`${ROOT}/${path}`);
    return true;
  } catch {
    return false;
  }
}

/** Why a link of the page leads nowhere. */
function fault({ path }: Page, link: string): string | undefined {
  const [target = "", anchor = ""] = linkTarget(path, link) ?? [];
  if (target === "") return undefined;
  if (!isThere(target)) return "no such file";
  const page = pages.get(target);
  if (anchor === "" || page === undefined) return undefined;
  return page.headings.some((heading) => heading.anchor === anchor) ? undefined : "no such heading";
}

Deno.test("every link within the documents leads to a file, and to a heading of it", () => {
  const broken = [...pages.values()].flatMap((page) =>
    page.links.flatMap((link) => {
      const why = fault(page, link);
      return why === undefined ? [] : [`${page.path}: ${link}: ${why}`];
    })
  );
  assertEquals(broken, []);
});

Deno.test("a broken link is found: a file, a heading, a heading of another page", () => {
  const page = pages.get("docs/muvm.md")!;
  const links = ["nowhere.md", "#nowhere", "configuration.md#nowhere", "configuration.md#muvm"];
  assertEquals(links.map((link) => fault(page, link)), [
    "no such file",
    "no such heading",
    "no such heading",
    undefined,
  ]);
});

Deno.test("docs/README.md leads to every page of docs/", () => {
  const index = pages.get("docs/README.md")!;
  const named = index.links.map((link) => linkTarget(index.path, link)?.[0]);
  const missing = [...pages.keys()].filter((path) =>
    path.startsWith("docs/") && path !== index.path && !named.includes(path)
  );
  assertEquals(missing, []);
});

Deno.test("every code block of the documents is fenced and names its language", () => {
  const bare = [...pages.values()].flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => language === "").map(({ line }) => `${path}:${line}`)
  );
  assertEquals(bare, []);
});
