import { sha256 } from "../denort.ts";

export const SUMS = "SHA256SUMS";

/** The content of SHA256SUMS: a line of sha256sum for each file in a directory. */
export async function sums(directory: string): Promise<string> {
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name).filter((name) =>
    name !== SUMS
  );
  const lines = names.sort().map(async (name) =>
    `${await sha256(`${directory}/${name}`)}  ${name}\n`
  );
  return (await Promise.all(lines)).join("");
}

export async function writeSums(directory: string): Promise<void> {
  await Deno.writeTextFile(`${directory}/${SUMS}`, await sums(directory));
}
