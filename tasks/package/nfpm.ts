/** nfpm, which makes .deb and .rpm from one description. */
import { exists } from "../exists.ts";
import { say } from "../say.ts";
import { capture, ROOT } from "../start.ts";

/** 2.45.2 gave the files in an rpm absolute names. */
const VERSION = "v2.48.0";
const MODULE = `github.com/goreleaser/nfpm/v2/cmd/nfpm@${VERSION}`;
const DIRECTORY = `${ROOT}/.cache/nfpm-${VERSION}`;
const PROGRAM = `${DIRECTORY}/nfpm`;

/** Go 1.N; from 1.21 on it fetches the newer one that nfpm needs: https://go.dev/doc/toolchain */
const OLDEST_GO = 21;

/** Its path; on failure says why and returns undefined. It is built once. */
export async function nfpm(): Promise<string | undefined> {
  if (exists(PROGRAM)) return PROGRAM;
  if (!canHaveNfpm()) {
    say(`Missing: Go 1.${OLDEST_GO} or newer, which builds nfpm, the maker of packages`);
    say("  Install: https://go.dev/dl, or your distribution's golang package if it is new enough");
    return undefined;
  }
  say(`Building nfpm ${VERSION}, which takes a minute`);
  const { success, text } = await capture(["go", "install", MODULE], { env: { GOBIN: DIRECTORY } });
  if (success) return PROGRAM;
  say(`Cannot build nfpm:\n${text}`);
  return undefined;
}

/** Is it there, or a Go that can build it? */
export function canHaveNfpm(): boolean {
  if (exists(PROGRAM)) return true;
  try {
    const { stdout } = new Deno.Command("go", { args: ["version"] }).outputSync();
    const [, minor] = / go1\.(\d+)/.exec(new TextDecoder().decode(stdout)) ?? [];
    return Number(minor) >= OLDEST_GO;
  } catch {
    return false; // there is no Go
  }
}
