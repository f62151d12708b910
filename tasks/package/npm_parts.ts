/** The npm packages inside the program. */
import { capture, ROOT } from "../start.ts";

export interface NpmPart {
  readonly name: string;
  readonly version: string;
  /** SHA-512 of its archive, hexadecimal. */
  readonly sha512: string;
  /** Where Deno has unpacked it. */
  readonly directory: string;
}

interface Info {
  readonly modules: readonly { readonly kind?: string; readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<
    Record<string, { name: string; version: string; dependencies: string[]; registryUrl: string }>
  >;
}

interface Lock {
  readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
}

async function denoInfo<T>(...args: string[]): Promise<T> {
  const { success, text } = await capture([Deno.execPath(), "info", "--quiet", "--json", ...args]);
  if (!success) throw new Error(text);
  return JSON.parse(text) as T;
}

/** The packages that main.ts imports, directly or not, by name. */
export async function npmParts(): Promise<NpmPart[]> {
  const { npmCache } = await denoInfo<{ npmCache: string }>();
  const main = ["--config", `${ROOT}/deno.json`, `${ROOT}/main.ts`];
  const { modules, npmPackages } = await denoInfo<Info>(...main);
  const inside = new Set<string>();
  const add = (id: string) => {
    if (inside.has(id)) return;
    inside.add(id);
    npmPackages[id]!.dependencies.forEach(add);
  };
  for (const { npmPackage } of modules) if (npmPackage !== undefined) add(npmPackage);
  const lock = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.lock`)) as Lock;
  return [...inside].sort().map((id) => {
    const { name, version, registryUrl } = npmPackages[id]!;
    const [, base64] = /^sha512-(.*)$/.exec(lock.npm[id]!.integrity)!;
    const host = new URL(registryUrl).host;
    const directory = `${npmCache}/${host}/${name}/${version}`;
    return { name, version, sha512: Uint8Array.fromBase64(base64!).toHex(), directory };
  });
}
