/** Links within README.md and docs/. */
import { assertEquals } from "@std/assert";
import { linkTarget, type Page, pagePaths, readPage } from "../../tasks/markdown.ts";
import { exists } from "../../tasks/exists.ts";
import { ROOT } from "../../tasks/start.ts";
import { filesBelow } from "../files_below.ts";

const pages = new Map(pagePaths().map((path) => [path, readPage(path)]));

/** Why a link of the page leads nowhere. */
function fault({ path }: Page, link: string): string | undefined {
  const [target = "", anchor = ""] = linkTarget(path, link) ?? [];
  if (target === "") return undefined;
  if (!exists(`${ROOT}/${target}`)) return "no such file";
  const page = pages.get(target);
  if (anchor === "" || page === undefined) return undefined;
  return page.headings.some((heading) => heading.anchor === anchor) ? undefined : "no such heading";
}

Deno.test("every link within the documents leads to a file, and to a heading in it", () => {
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

Deno.test("every source file that the documents name exists", () => {
  const files = ["lib", "tests", "tasks"].flatMap((each) => [...filesBelow(`${ROOT}/${each}`)]);
  const isFile = (end: string) => files.some((path) => path.endsWith(`/${end}`));
  const missing = [...pages.keys()].flatMap((page) => {
    const text = Deno.readTextFileSync(`${ROOT}/${page}`);
    const named = [...text.matchAll(/`([\w/]+\.(?:ts|c|py))`/g)].map(([, name]) => name!);
    return named.filter((name) => !isFile(name)).map((name) => `${page}: ${name}`);
  });
  assertEquals(missing, []);
});
