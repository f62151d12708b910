/** nfpm, which makes .deb and .rpm of one description. */
import { exists } from "../exists.ts";
import { say } from "../say.ts";
import { capture, ROOT } from "../start.ts";

/** 2.45.2 gave the files in an rpm absolute names. */
const VERSION = "v2.48.0";
const MODULE = `github.com/goreleaser/nfpm/v2/cmd/nfpm@${VERSION}`;

/** Its path; undefined, with the reason said, where it cannot be had. Built once. */
export async function nfpm(): Promise<string | undefined> {
  const folder = `${ROOT}/.cache/nfpm-${VERSION}`;
  const program = `${folder}/nfpm`;
  if (exists(program)) return program;
  if (!(await capture(["go", "version"])).success) {
    say("Missing: Go, which builds nfpm (https://nfpm.goreleaser.com), the maker of packages");
    say("  Install: apt-get install golang-go, or what your distribution calls it");
    return undefined;
  }
  say(`Building nfpm ${VERSION}, which takes a minute`);
  const { success, text } = await capture(["go", "install", MODULE], { env: { GOBIN: folder } });
  if (success) return program;
  say(`Cannot build nfpm:\n${text}`);
  return undefined;
}
