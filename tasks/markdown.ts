/** README.md and docs/ as Markdown with GitHub's anchors, for the tests and the site. */
import { dirname, join } from "@std/path";
import GithubSlugger from "github-slugger";
import MarkdownIt, { type Token } from "markdown-it";
import { ROOT } from "./start.ts";

export const MARKDOWN = new MarkdownIt({ html: false });

/** A heading, with the anchor that GitHub gives it. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/** A code block. */
export interface Block {
  /** What follows the opening fence; "" for an indented block. */
  readonly language: string;
  readonly text: string;
  /** Where it starts in the page, counted from 1. */
  readonly line: number;
  /** The heading of level 2 above it; "" if there is none. */
  readonly section: string;
}

export interface Page {
  /** From the project's directory: `docs/install.md`. */
  readonly path: string;
  readonly title: string;
  readonly headings: readonly Heading[];
  readonly blocks: readonly Block[];
  /** Targets of links and pictures, as written. */
  readonly links: readonly string[];
}

/** The pages beside docs/. */
export const TOP_PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/** Every page, README.md first. */
export function pagePaths(): string[] {
  const docs = [...Deno.readDirSync(`${ROOT}/docs`)].map(({ name }) => `docs/${name}`);
  return [...TOP_PAGES, ...docs.filter((path) => path.endsWith(".md")).sort()];
}

/** The text of a heading or link without its markup. */
function plain(tokens: readonly Token[]): string {
  return tokens.map(({ type, content }) => type === "softbreak" ? " " : content).join("");
}

/** Gives each heading its `id`, and returns all headings. */
export function anchorHeadings(tokens: readonly Token[]): Heading[] {
  const slugger = new GithubSlugger();
  return tokens.flatMap((token, i) => {
    if (token.type !== "heading_open") return [];
    const text = plain(tokens[i + 1]!.children ?? []);
    const anchor = slugger.slug(text);
    token.attrSet("id", anchor);
    return [{ level: Number(token.tag.slice(1)), text, anchor }];
  });
}

/** All tokens, including those inside paragraphs. */
export function allTokens(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [token, ...allTokens(token.children ?? [])]);
}

export function readPage(path: string): Page {
  const tokens = MARKDOWN.parse(Deno.readTextFileSync(`${ROOT}/${path}`), {});
  const headings = anchorHeadings(tokens);
  let section = "";
  const blocks: Block[] = [];
  for (const [i, { type, tag, content, info, map }] of tokens.entries()) {
    if (type === "heading_open" && tag === "h2") section = plain(tokens[i + 1]!.children ?? []);
    if (type !== "fence" && type !== "code_block") continue;
    blocks.push({ language: info.trim(), text: content, line: map![0] + 1, section });
  }
  const links = allTokens(tokens).flatMap((token) =>
    ["href", "src"].map((name) => token.attrGet(name)).filter((target) => target !== null)
      .map(String)
  );
  return { path, title: headings[0]?.text ?? path, headings, blocks, links };
}

/** The file and anchor of a link; undefined if it leads out of the project. */
export function linkTarget(page: string, link: string): readonly [string, string] | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = "", anchor = ""] = decodeURI(link).split("#");
  return [path === "" ? page : join(dirname(page), path), anchor];
}
