import { sha256 } from "../denort.ts";

export const SUMS = "SHA256SUMS";

/** A line for each file in a directory, as sha256sum writes and reads it. */
export async function sums(folder: string): Promise<string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name !== SUMS
  );
  const lines = names.sort().map(async (name) => `${await sha256(`${folder}/${name}`)}  ${name}\n`);
  return (await Promise.all(lines)).join("");
}

export async function writeSums(folder: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/${SUMS}`, await sums(folder));
}
