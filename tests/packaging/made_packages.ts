/** The packages under test, made of what ./dev compile made. */
import { ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { pack } from "../../tasks/package/pack.ts";
import { stage } from "../../tasks/package/stage.ts";
import { ROOT } from "../../tasks/start.ts";

/** Test files run side by side; nfpm is built once, and packages are made once. */
async function locked(): Promise<Deno.FsFile> {
  await Deno.mkdir(`${ROOT}/.cache`, { recursive: true });
  const file = await Deno.open(`${ROOT}/.cache/packages.lock`, { create: true, write: true });
  await file.lock(true);
  return file;
}

/** Those of this machine, in dist/packages: by the ends of their names. Made once. */
export async function madePackages(): Promise<(end: string) => string> {
  const folder = `${ROOT}/dist/packages`;
  using _lock = await locked();
  if (
    newest(`${folder}/SHA256SUMS`) < Math.max(...SOURCES.map((path) => newest(`${ROOT}/${path}`)))
  ) {
    const { success, stdout, stderr } = await new Deno.Command(`${ROOT}/dev`, {
      args: ["package"],
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(text(stdout) + text(stderr));
  }
  return (end) => {
    const found = [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(end));
    if (found === undefined) throw new Error(`there is no package *${end}`);
    return `${folder}/${found.name}`;
  };
}

const SOURCES = ["dist/binfmt-dispatcher", "packaging", "tasks/package", "tasks/package.ts"];

/** Milliseconds; of a folder, the newest of its files'. */
function newest(path: string): number {
  try {
    const { isDirectory, mtime } = Deno.statSync(path);
    if (!isDirectory) return mtime!.getTime();
    return Math.max(...[...Deno.readDirSync(path)].map(({ name }) => newest(`${path}/${name}`)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/**
 * A package for the machine that this is not, whose scripts are run here: all in it is real but the
 * program, which no script starts.
 */
export async function foreignPackage(format: "deb" | "rpm", folder: string): Promise<string> {
  using _lock = await locked();
  const foreign = ARCHITECTURES.find(({ machine }) => machine !== Deno.build.arch)!;
  const program = `${folder}/program`;
  const file = `${folder}/foreign.${format}`;
  const date = new Date(0);
  await Deno.writeTextFile(program, "#!/bin/sh\necho Not to be started >&2\nexit 1\n");
  await stage(foreign, { folder: `${folder}/stage`, program, date });
  const fault = await pack(format, foreign, { folder: `${folder}/stage`, file, date });
  if (fault !== undefined) throw new Error(fault);
  return file;
}
