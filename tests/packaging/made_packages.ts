/** Makes the packages under test from the compiled program. */
import { PROGRAM } from "../../tasks/compile.ts";
import { type Architecture, ARCHITECTURES } from "../../tasks/package/architectures.ts";
import { pack } from "../../tasks/package/pack.ts";
import { stage } from "../../tasks/package/stage.ts";
import { ROOT } from "../../tasks/start.ts";

/** Test files run at the same time, but only one may fetch nfpm or make packages. */
async function locked(): Promise<Deno.FsFile> {
  await Deno.mkdir(`${ROOT}/.cache`, { recursive: true });
  const file = await Deno.open(`${ROOT}/.cache/packages.lock`, { create: true, write: true });
  await file.lock(true);
  return file;
}

/** Makes this machine's packages in dist/packages, unless they are current; finds one by suffix. */
export async function madePackages(): Promise<(end: string) => string> {
  const directory = `${ROOT}/dist/packages`;
  using _lock = await locked();
  if (
    newest(`${directory}/SHA256SUMS`) <
      Math.max(...SOURCES.map((path) => newest(`${ROOT}/${path}`)))
  ) {
    const { success, stdout, stderr } = await new Deno.Command(`${ROOT}/dev`, {
      args: ["package"],
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(text(stdout) + text(stderr));
  }
  return (end) => {
    const found = [...Deno.readDirSync(directory)].find(({ name }) => name.endsWith(end));
    if (found === undefined) throw new Error(`there is no package *${end}`);
    return `${directory}/${found.name}`;
  };
}

const SOURCES = ["dist/binfmt-dispatcher", "packaging", "tasks/package", "tasks/package.ts"];

/** The file's time in milliseconds, or the newest one in the directory. */
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

const isForHost = ({ machine }: Architecture) => machine === Deno.build.arch;

/** A package for the other machine. All in it is real but the program, which no script starts. */
export async function foreignPackage(format: "deb" | "rpm", directory: string): Promise<string> {
  const program = `${directory}/program`;
  await Deno.writeTextFile(program, "#!/bin/sh\necho Not to be started >&2\nexit 1\n");
  return await packFor(ARCHITECTURES.find((each) => !isForHost(each))!, format, {
    directory,
    program,
  });
}

/** A package for this machine whose first installation enables these machines. */
export async function enablingPackage(
  format: "deb" | "rpm",
  options: { directory: string; enabled: readonly string[] },
): Promise<string> {
  const own = ARCHITECTURES.find(isForHost)!;
  return await packFor(own, format, { ...options, program: PROGRAM });
}

async function packFor(
  architecture: Architecture,
  format: "deb" | "rpm",
  options: { directory: string; program: string; enabled?: readonly string[] },
): Promise<string> {
  using _lock = await locked();
  const file = `${options.directory}/made.${format}`;
  const directory = `${options.directory}/stage`;
  const date = new Date(0);
  await stage(architecture, { ...options, directory, date });
  const fault = await pack(format, architecture, { directory, file, date });
  if (fault !== undefined) throw new Error(fault);
  return file;
}
