import { sha256 } from "../denort.ts";

export const SUMS = "SHA256SUMS";

/** A line for each file in a directory, as sha256sum writes and reads it. */
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
