/** The runtime that a program was compiled on, for the SBOM. */
import { exists } from "../exists.ts";
import { KEPT_VERSION, keptDenort, sha256 } from "../denort.ts";
import { capture, ROOT } from "../start.ts";

export interface Runtime {
  readonly version: string;
  /** The file of the hash: the program, or the archive that Deno downloaded. */
  readonly file: string;
  readonly sha256: string;
}

/** In the order in which tasks/compile.ts tries them. */
export async function runtimeOf(triple: string): Promise<Runtime> {
  const given = Deno.env.get("DENORT_BIN");
  if (given !== undefined) {
    const sum = await sha256(given);
    const pinned = await Deno.readTextFile(`${ROOT}/.github/denort.sha256`);
    const [, version = "unknown"] = new RegExp(`^${sum} {2}denort-(.*)-`, "m").exec(pinned) ?? [];
    return { version, file: "denort", sha256: sum };
  }
  const kept = triple.startsWith(Deno.build.arch) ? await keptDenort() : undefined;
  if (kept !== undefined) {
    return { version: KEPT_VERSION, file: "denort", sha256: await sha256(kept) };
  }
  const { text } = await capture([Deno.execPath(), "info", "--json"]);
  const { denoDir } = JSON.parse(text) as { denoDir: string };
  const version = Deno.version.deno;
  const file = `denort-${triple}.zip`;
  const path = `${denoDir}/dl/release/v${version}/${file}`;
  if (!exists(path)) throw new Error(`Cannot find Deno's runtime: ${path} is absent`);
  return { version, file, sha256: await sha256(path) };
}
