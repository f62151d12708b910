/** ./dev site: every link of the site leads to a file of the site, and to an anchor in it. */
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { pagePaths, readPage } from "../../tasks/markdown.ts";
import { makeSite, SITE, sitePath } from "../../tasks/site.ts";

const html = (path: string) => Deno.readTextFileSync(`${SITE}/${path}`);

/** Links of a page that lead nowhere. */
function broken(path: string): string[] {
  return [...html(path).matchAll(/ (?:href|src)="([^"]*)"/g)].flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link!)) return [];
    const [file = "", anchor = ""] = decodeURI(link!).split("#");
    const target = file === "" ? path : join(dirname(path), file);
    try {
      const hasAnchor = anchor === "" || html(target).includes(` id="${anchor}"`);
      return Deno.statSync(`${SITE}/${target}`).isFile && hasAnchor ? [] : [`${path}: ${link}`];
    } catch {
      return [`${path}: ${link}`];
    }
  });
}

Deno.test("the site has every page, and each of its links leads somewhere", async () => {
  await makeSite();
  assertEquals(pagePaths().map(sitePath).flatMap(broken), []);
  for (const { path, title } of pagePaths().map(readPage)) {
    assert(html(sitePath(path)).includes(`<title>${title}</title>`), path);
  }
  Deno.writeTextFileSync(`${SITE}/probe.html`, '<a href="nowhere.html"></a>');
  assertEquals(broken("probe.html"), ["probe.html: nowhere.html"]);
  Deno.removeSync(`${SITE}/probe.html`);
});
