import { readElf } from "../../lib/elf/header.ts";
import { RESOLVER } from "../../lib/paths.ts";
import { capture } from "../start.ts";
import { inTemporaryDirectory } from "../temporary_directory.ts";
import type { Architecture } from "./architectures.ts";
import deno from "../../deno.json" with { type: "json" };

/** Starts the program in a tarball, which may have been stripped. Returns what is wrong. */
export async function startPacked(
  tarball: string,
  { machine }: Architecture,
): Promise<string | undefined> {
  return await inTemporaryDirectory(async (directory) => {
    const unpacked = await capture(["tar", "-xzf", tarball, "-C", directory]);
    if (!unpacked.success) return `the tarball cannot be unpacked:\n${unpacked.text}`;
    const program = `${directory}${RESOLVER}`;
    const bytes = await Deno.readFile(program);
    const elf = readElf((offset, limit) => bytes.subarray(offset, offset + limit));
    const packed = "error" in elf ? elf.why : elf.machine?.name;
    if (packed !== machine) return `the packed program is for another machine: ${packed}`;
    if (machine !== Deno.build.arch) return undefined; // cannot run here
    const { text } = await capture([program, "--version"]);
    const expected = `binfmt-dispatcher ${deno.version}\n`;
    return text === expected ? undefined : `the packed program prints “${text}” for --version`;
  });
}
