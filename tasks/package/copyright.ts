/** Makes the copyright file: the licences of everything in the program. */
import { ROOT } from "../start.ts";
import { npmParts } from "./npm_parts.ts";

const LICENCES = `${ROOT}/packaging/licences`;

/** The licences of the runtime, from packaging/licences. */
async function ofRuntime(): Promise<(readonly [string, string])[]> {
  const names = [...Deno.readDirSync(LICENCES)].map(({ name }) => name).sort();
  return await Promise.all(
    names.map(async (name) =>
      [name.replace(/\.txt$/, ""), await Deno.readTextFile(`${LICENCES}/${name}`)] as const
    ),
  );
}

async function ofNpm(): Promise<(readonly [string, string])[]> {
  return await Promise.all((await npmParts()).map(async ({ name, version, directory }) => {
    const file = [...Deno.readDirSync(directory)].find((each) => /^licen[cs]e/i.test(each.name));
    if (file === undefined) throw new Error(`Cannot find the licence of ${name}: ${directory}`);
    return [`${name} ${version}`, await Deno.readTextFile(`${directory}/${file.name}`)] as const;
  }));
}

export async function copyright(): Promise<string> {
  const own = await Deno.readTextFile(`${ROOT}/LICENSE`);
  const parts = [...await ofRuntime(), ...await ofNpm()].map(([name, text]) => {
    const heading = `/usr/bin/binfmt-dispatcher contains ${name}:`;
    return `${heading}\n${"=".repeat(heading.length)}\n\n${text.trim()}\n`;
  });
  return [`binfmt-dispatcher\n=================\n\n${own.trim()}\n`, ...parts].join("\n\n");
}
