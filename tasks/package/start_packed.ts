import { readElf } from "../../lib/elf/header.ts";
import { RESOLVER } from "../../lib/paths.ts";
import { capture } from "../start.ts";
import { inTemporaryDirectory } from "../temporary_directory.ts";
import type { Architecture } from "./architectures.ts";
import deno from "../../deno.json" with { type: "json" };

/**
 * Unpacks a tarball and starts the program: a stripped or badly packed one does not start. Returns
 * what is wrong, if anything.
 */
export async function startPacked(
  tarball: string,
  { machine }: Architecture,
): Promise<string | undefined> {
  return await inTemporaryDirectory(async (directory) => {
    const unpacked = await capture(["tar", "-xzf", tarball, "-C", directory]);
    if (!unpacked.success) return `what was packed cannot be unpacked:\n${unpacked.text}`;
    const program = `${directory}${RESOLVER}`;
    const bytes = await Deno.readFile(program);
    const elf = readElf((offset, limit) => bytes.subarray(offset, offset + limit));
    const packed = "error" in elf ? elf.why : elf.machine?.name;
    if (packed !== machine) return `the packed program is for another machine: ${packed}`;
    if (machine !== Deno.build.arch) return undefined; // cannot run here
    const { text } = await capture([program, "--version"]);
    const expected = `binfmt-dispatcher ${deno.version}\n`;
    return text === expected ? undefined : `the packed program says “${text}”`;
  });
}
