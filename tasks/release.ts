/**
 * `./dev release OWNER/NAME TAG DIRECTORY…`: gathers in dist/release/ what is published for a tag:
 * the files of ./dev package, the recipes, and SHA256SUMS. At least two DIRECTORIES must contain
 * each file, with the same bytes.
 */
import { sha256 } from "./denort.ts";
import { exists } from "./exists.ts";
import { ARCHITECTURES } from "./package/architectures.ts";
import { fileNames } from "./package/file_names.ts";
import { recipes } from "./package/recipes.ts";
import { sums, writeSums } from "./package/sums.ts";
import { say } from "./say.ts";
import { ROOT } from "./start.ts";
import deno from "../deno.json" with { type: "json" };

/** Why the sources are not those of the tag. */
export function tagFault(tag: string, changes: string): string | undefined {
  if (tag !== `v${deno.version}`) return `deno.json has version ${deno.version}`;
  const heading = new RegExp(`^## ${RegExp.escape(deno.version)} – \\d{4}-\\d\\d-\\d\\d$`, "m");
  return heading.test(changes)
    ? undefined
    : `CHANGELOG.md has no heading “## ${deno.version} – YYYY-MM-DD”`;
}

/** Copies a file, if two builds of it are equal. Returns what is wrong. */
async function copyBuilt(
  name: string,
  directories: readonly string[],
  output: string,
): Promise<string | undefined> {
  const built = directories.map((directory) => `${directory}/${name}`).filter(exists);
  if (built.length < 2) return `${name} must be built twice, and was built ${built.length} times`;
  const found = new Set(await Promise.all(built.map(sha256)));
  if (found.size > 1) return `these builds differ: ${built.join(", ")}`;
  await Deno.copyFile(built[0]!, `${output}/${name}`);
}

/** Fills a new directory with what is published. Returns what is wrong. */
export async function gather(
  { repository, tag }: { readonly repository: string; readonly tag: string },
  directories: readonly string[],
  output: string,
): Promise<string | undefined> {
  await Deno.remove(output, { recursive: true }).catch(() => {});
  await Deno.mkdir(output, { recursive: true });
  for (const name of ARCHITECTURES.flatMap((each) => Object.values(fileNames(each)))) {
    const fault = await copyBuilt(name, directories, output);
    if (fault !== undefined) return fault;
  }
  const base = `https://github.com/${repository}/releases/download/${tag}`;
  for (const [name, text] of recipes({ repository, base, sums: await sums(output) })) {
    await Deno.writeTextFile(`${output}/${name}`, text);
  }
  await writeSums(output);
}

if (import.meta.main) {
  const [repository = "", tag = "", ...directories] = Deno.args;
  const fault = !/^[\w.-]+\/[\w.-]+$/.test(repository)
    ? "the arguments must be OWNER/NAME TAG DIRECTORY…"
    : tagFault(tag, await Deno.readTextFile(`${ROOT}/CHANGELOG.md`)) ??
      await gather({ repository, tag }, directories, `${ROOT}/dist/release`);
  if (fault !== undefined) say(`Cannot release ${tag}: ${fault}`);
  Deno.exit(fault === undefined ? 0 : 1);
}
