import type { Architecture } from "./architectures.ts";
import deno from "../../deno.json" with { type: "json" };

/** The files that ./dev package makes for an architecture. */
export function fileNames({ machine, debian }: Architecture) {
  const base = `binfmt-dispatcher-${deno.version}`;
  return {
    deb: `binfmt-dispatcher_${deno.version}-1_${debian}.deb`,
    rpm: `${base}-1.${machine}.rpm`,
    tarball: `${base}-${machine}.tar.gz`,
    sbom: `${base}-${machine}.cdx.json`,
  };
}
