import { capture } from "../start.ts";
import type { Architecture } from "./architectures.ts";
import { nfpm } from "./nfpm.ts";
import deno from "../../deno.json" with { type: "json" };

/** Makes a package from the stage with nfpm; `file` is absolute. Returns what went wrong. */
export async function pack(
  format: "deb" | "rpm",
  { debian }: Architecture,
  { directory, file, date }: { directory: string; file: string; date: Date },
): Promise<string | undefined> {
  const program = await nfpm();
  if (program === undefined) return "there is no nfpm";
  const argv = [program, "package", "--config", "nfpm.yaml", "--packager", format];
  const { success, text } = await capture([...argv, "--target", file], {
    env: {
      ARCH: debian,
      VERSION: deno.version,
      SOURCE_DATE_EPOCH: String(date.getTime() / 1000),
    },
    cwd: directory,
  });
  return success ? undefined : text;
}
