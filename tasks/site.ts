/** `./dev site`: makes a static web site of README.md and docs/ in dist/site. */
import { dirname, relative } from "@std/path";
import {
  allTokens,
  anchorHeadings,
  linkTarget,
  MARKDOWN,
  type Page,
  pagePaths,
  readPage,
  TOP_PAGES,
} from "./markdown.ts";
import { say } from "./say.ts";
import { ROOT } from "./start.ts";

export const SITE = `${ROOT}/dist/site`;

const STYLE = `:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d);
  --code: light-dark(#f3f5f7, #1c2128); --link: light-dark(#0757b5, #6cb0ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere;
  background: light-dark(#fff, #101418); color: light-dark(#1c2128, #dde3ea); }
body > div { display: flex; gap: 3rem; max-width: 80rem; margin: auto; padding: 1.5rem; }
nav { flex: 0 0 14rem; font-size: .9rem; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
nav b { color: light-dark(#57606a, #9198a1); }
nav [aria-current] { font-weight: bold; color: inherit; }
main { flex: 1; min-width: 0; max-width: 56rem; }
a { color: var(--link); }
h1, h2, h3 { line-height: 1.25; margin: 2rem 0 .75rem; }
h1 { margin-top: 0; }
h2 { border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
code { font: .875em/1.5 ui-monospace, monospace; background: var(--code); padding: .1em .3em;
  border-radius: .25rem; }
pre { background: var(--code); padding: .75rem 1rem; border-radius: .4rem; overflow-x: auto; }
pre code { padding: 0; overflow-wrap: normal; }
pre, pre code { line-height: 1.3; }
table { display: block; overflow-x: auto; border-collapse: collapse; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left;
  vertical-align: top; overflow-wrap: normal; }
img { max-width: 100%; }
@media (max-width: 50rem) {
  body > div { flex-direction: column-reverse; } nav { flex: none; columns: 2; }
}
`;

/** A file's path in the site: README.md becomes the index, and source code is shown as text. */
export function sitePath(path: string): string {
  return path.replace(/README\.md$/, "index.md").replace(/\.md$/, ".html")
    .replace(/\.ts$/, ".ts.txt");
}

function escaped(text: string): string {
  return MARKDOWN.utils.escapeHtml(text);
}

/** The navigation: the kinds of documents with their pages, by docs/README.md. */
function navigation(current: string, titles: ReadonlyMap<string, string>): string {
  const tokens = MARKDOWN.parse(Deno.readTextFileSync(`${ROOT}/docs/README.md`), {});
  const href = (path: string) => relative(dirname(current), sitePath(path));
  const entry = (path: string) => {
    const mark = path === current ? ' aria-current="page"' : "";
    return `<li><a${mark} href="${href(path)}">${escaped(titles.get(path)!)}</a></li>`;
  };
  let html = `<ul>${TOP_PAGES.map(entry).join("")}`;
  for (const [i, token] of tokens.entries()) {
    if (token.type === "heading_open" && token.tag === "h2") {
      html += `</ul><b>${escaped(tokens[i + 1]!.content)}</b><ul>`;
    }
    for (const link of token.children ?? []) {
      const [path = ""] = linkTarget("docs/README.md", String(link.attrGet("href") ?? "x:")) ?? [];
      if (titles.has(path)) html += entry(path);
    }
  }
  return `${html}</ul>`;
}

/** A page's HTML, with links to the other pages of the site. */
function htmlOf({ path, title }: Page, titles: ReadonlyMap<string, string>): string {
  const tokens = MARKDOWN.parse(Deno.readTextFileSync(`${ROOT}/${path}`), {});
  anchorHeadings(tokens);
  for (const token of allTokens(tokens)) {
    const href = token.attrGet("href");
    if (href !== null && linkTarget(path, String(href)) !== undefined) {
      token.attrSet("href", String(href).replace(/[^#]*/, sitePath));
    }
  }
  const body = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {});
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<div>
<nav>${navigation(path, titles)}</nav>
<main>
${body}</main>
</div>
</html>
`;
}

/** Makes the site. */
export async function makeSite(): Promise<void> {
  await Deno.remove(SITE, { recursive: true }).catch(() => {});
  const pages = pagePaths().map(readPage);
  const titles = new Map(pages.map(({ path, title }) => [path, title]));
  const put = async (path: string, content: string | Uint8Array) => {
    await Deno.mkdir(dirname(`${SITE}/${path}`), { recursive: true });
    await Deno.writeFile(
      `${SITE}/${path}`,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  };
  for (const page of pages) {
    await put(sitePath(page.path), htmlOf(page, titles));
    for (const link of page.links) {
      const [target = ""] = linkTarget(page.path, link) ?? [];
      if (target !== "" && !titles.has(target)) {
        await put(sitePath(target), await Deno.readFile(`${ROOT}/${target}`));
      }
    }
  }
}

if (import.meta.main) {
  await makeSite();
  say(`dist/site: ${pagePaths().length} pages`);
}
