/**
 * `./dev bench [ROUNDS]`: what one exec of a foreign program costs, and one compilation of the
 * configuration. Runs in a user and mount namespace of its own, with its own binfmt_misc.
 */
import { Program, type Target } from "../lib/native/program.ts";
import { buildTimer, quantile, timeCommands } from "./bench/spawn_timer.ts";
import { compile, isCurrent, PROGRAM } from "./compile.ts";
import { install } from "./install.ts";
import { say } from "./say.ts";
import { capture, ROOT } from "./start.ts";

const BINFMT = "/proc/sys/fs/binfmt_misc";
const INSIDE = "--inside-the-namespace";
const RULES = [10, 10_000];

const host: Target = Deno.build.arch;
const foreign: Target = host === "x86_64" ? "aarch64" : "x86_64";

interface Case {
  readonly name: string;
  readonly command: readonly string[];
}

/** A program that ends at once with status 0. */
function nothing(target: Target): Uint8Array {
  const p = new Program(target);
  const result = p.variable("result");
  p.entry(p.variable("stack"), () => p.syscall(result, "exit_group", 0));
  return p.image();
}

async function writeProgram(path: string, image: Uint8Array): Promise<string> {
  await Deno.writeFile(path, image, { mode: 0o755 });
  return path;
}

/**
 * Registers an interpreter for files that end in `.name`, so that several can stand side by side.
 */
async function register(name: string, interpreter: string): Promise<void> {
  await Deno.writeTextFile(`${BINFMT}/register`, `:${name}:E::${name}::${interpreter}:POF`);
}

/** A root folder whose configuration has this many rules, none of which matches what is timed. */
async function writeLayers(root: string, interpreter: string, rules: number): Promise<void> {
  const shapes = (i: number) =>
    [`/opt/app${i}/bin/program`, `/srv/games/g${i}/`, `/home/*/tools/t${i}/**/*.so`][i % 3];
  const lines = [
    '[defaults]\ninterpreter = "nothing"',
    `[interpreters.nothing]\npath = "${interpreter}"\nmachines = ["${foreign}"]`,
  ];
  for (let i = 0; i < rules; i++) {
    lines.push(`[binaries.b${i}]\npath = "${shapes(i)}"\ninterpreter = "nothing"`);
  }
  await Deno.mkdir(`${root}/etc`, { recursive: true });
  await Deno.writeTextFile(`${root}/etc/binfmt-dispatcher.toml`, lines.join("\n"));
}

/** A handler of its own for a configuration below `root`; false where this cannot be built. */
async function registerHandler(name: string, root: string, folder: string): Promise<boolean> {
  const resolver = `${folder}/${name}-resolver`;
  const tables = `${folder}/${name}-tables`;
  await Deno.mkdir(tables, { mode: 0o755 });
  const words = [PROGRAM, "--root", root].map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(resolver, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  const { success, stdout } = await new Deno.Command(PROGRAM, {
    args: ["handler", "--resolver", resolver, "--tables", tables],
    stderr: "null",
  }).output();
  if (!success) return false;
  await register(name, await writeProgram(`${folder}/${name}-handler`, stdout));
  return true;
}

async function execCases(folder: string): Promise<Case[]> {
  const native = await writeProgram(`${folder}/native`, nothing(host));
  const program = nothing(foreign);
  const cases: Case[] = [{ name: "a native program, no binfmt_misc", command: [native] }];
  const add = async (name: string, extension: string) => {
    const command = [await writeProgram(`${folder}/program.${extension}`, program)];
    cases.push({ name, command });
  };
  await register("direct", native);
  await add("an interpreter registered directly", "direct");
  for (const rules of RULES) {
    const name = `rules${rules}`;
    await writeLayers(`${folder}/${name}`, native, rules);
    if (await registerHandler(name, `${folder}/${name}`, folder)) {
      await add(`our handler, ${rules} rules`, name);
    }
  }
  const qemu = `/usr/bin/qemu-${foreign}-static`;
  if ((await capture([qemu, "--version"])).success) {
    await register("qemu", qemu);
    await add(`qemu-${foreign} registered directly`, "qemu");
    const name = "qemurules";
    await writeLayers(`${folder}/${name}`, qemu, 10);
    if (await registerHandler(name, `${folder}/${name}`, folder)) {
      await add(`qemu-${foreign} through our handler, 10 rules`, name);
    }
  }
  return cases;
}

async function compileCases(folder: string): Promise<Case[]> {
  const cases: Case[] = [];
  for (const rules of [0, ...RULES]) {
    const root = `${folder}/compile${rules}`;
    await writeLayers(root, "/usr/bin/nothing", rules);
    const command = [PROGRAM, "--root", root, "routes"];
    if (!(await capture(command)).success) return []; // not there yet, or damaged: nothing to time
    cases.push({ name: `binfmt-dispatcher routes, ${rules} rules`, command });
  }
  return cases;
}

async function table(timer: string, title: string, rounds: number, cases: readonly Case[]) {
  if (cases.length === 0) return;
  const results = await timeCommands(timer, rounds, cases.map(({ command }) => command));
  const width = Math.max(...cases.map(({ name }) => name.length));
  const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(3).padStart(9);
  say(`\n${title}, ${rounds} interleaved rounds, ms`);
  say(`${"".padEnd(width)}    median       p99    to the first`);
  cases.forEach(({ name }, index) => {
    const [timed, first] = [results[index] ?? { times: [] }, results[0] ?? { times: [] }];
    const ratio = (quantile(timed, 0.5) / quantile(first, 0.5)).toFixed(2);
    const row = [ms(quantile(timed, 0.5)), ms(quantile(timed, 0.99)), ratio.padStart(12)];
    say(`${name.padEnd(width)} ${row.join(" ")}`);
  });
}

async function inside(rounds: number): Promise<void> {
  const mounted = await capture(["mount", "-t", "binfmt_misc", "none", BINFMT]);
  if (!mounted.success) throw new Error(`Cannot mount binfmt_misc: ${mounted.text}`);
  const folder = await Deno.makeTempDir();
  try {
    const timer = await buildTimer(folder);
    await table(timer, "One exec of a program that does nothing", rounds, await execCases(folder));
    const compiling = await compileCases(folder);
    await table(timer, "One compilation", Math.ceil(rounds / 50), compiling);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const [argument = "500", mark] = Deno.args;
const rounds = Number(argument);
if (!Number.isInteger(rounds) || rounds < 1) {
  say(`Cannot take “${argument}” as the number of rounds`);
  Deno.exit(2);
}
if (mark === INSIDE) {
  await inside(rounds);
} else {
  if (!await install("bench") || !(isCurrent() || await compile())) Deno.exit(1);
  const command = [Deno.execPath(), "run", "--quiet", "--allow-all", "tasks/bench.ts"];
  const { code } = await new Deno.Command("unshare", {
    args: ["-Urm", ...command, String(rounds), INSIDE],
    cwd: ROOT,
  }).spawn().status;
  Deno.exit(code);
}
