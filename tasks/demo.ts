/**
 * `./dev demo`: the main job, once, on a program of a machine that this host is not. Everything happens in a user
 * namespace of its own; nothing is registered or written outside of it.
 */
import { Program, type Target } from "../lib/native/program.ts";
import { compile, isCurrent } from "./compile.ts";
import { install } from "./install.ts";
import { say } from "./say.ts";
import { type Outcome, World } from "./world.ts";

const FOREIGN: Target = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";
const STARTS = 100;

/** A program for the other machine, written with lib/native: prints a line, ends with status 7. */
function foreignProgram(): Uint8Array {
  const p = new Program(FOREIGN);
  const result = p.variable("result");
  const line = `Hello from an ${FOREIGN} program on an ${Deno.build.arch} machine\n`;
  p.entry(p.variable("stack"), () => {
    p.syscall(result, "write", 1, p.text(line), new TextEncoder().encode(line).length);
    p.syscall(result, "exit_group", 7);
  });
  return p.image();
}

function show(command: string, { stdout, stderr, status }: Outcome): void {
  say(`    $ ${command}`);
  for (const line of (stdout + stderr).trimEnd().split("\n")) say(`    ${line}`);
  say(`    [status ${status}]`);
}

/** Milliseconds that one start of the program takes, of many in a row; undefined where it fails. */
async function time(world: World, ...argv: string[]): Promise<number | undefined> {
  const script =
    'a=$(date +%s%N); i=0; while [ $i -lt "$0" ]; do "$@" >/dev/null; i=$((i+1)); done; ' +
    "b=$(date +%s%N); echo $((b-a))";
  const { status, stdout } = await world.run(["sh", "-c", script, String(STARTS), ...argv]);
  return status === 0 ? Number(stdout) / STARTS / 1e6 : undefined;
}

async function demonstrate(world: World): Promise<boolean> {
  const program = `${world.folder}/hello`;
  const image = foreignProgram();
  Deno.writeFileSync(program, image, { mode: 0o755 });
  say(
    `1. A program for ${FOREIGN}, which this ${Deno.build.arch} machine cannot run: hello, ${image.length} bytes\n`,
  );

  world.install([FOREIGN]);
  say("2. What would run it, and why:\n");
  show(
    "binfmt-dispatcher explain ./hello",
    await world.run(["binfmt-dispatcher", "explain", "./hello"]),
  );

  say("\n3. The handler is registered with the kernel, in a namespace of our own:\n");
  const entry = `/proc/sys/fs/binfmt_misc/binfmt-dispatcher-${FOREIGN}`;
  show(`cat ${entry}`, await world.run(["cat", entry]));

  say(
    "\n4. The program is started by its name. The kernel starts the handler, which has the configuration",
  );
  say("   compiled into a route table (once), looks the program up and becomes its interpreter:\n");
  const first = await world.run(["./hello"]);
  show("./hello", first);

  say(`\n5. What it costs, as the mean of ${STARTS} starts:\n`);
  const through = await time(world, "./hello");
  const direct = await time(world, `qemu-${FOREIGN}-static`, "./hello") ??
    await time(world, `qemu-${FOREIGN}`, "./hello");
  say(`    ${through?.toFixed(2)} ms by its name, through the handler`);
  if (direct !== undefined) {
    say(`    ${direct.toFixed(2)} ms with the interpreter started by hand`);
    say(`    ${((through ?? NaN) - direct).toFixed(2)} ms for one dispatch`);
  }
  return first.status === 7 && first.stdout.startsWith("Hello from");
}

if (!await install("demo") || !(isCurrent() || await compile())) Deno.exit(1);
using world = new World();
const done = await demonstrate(world);
say(
  done
    ? "\nThat is the main job. Nothing is left of it on this machine."
    : "\nThe program did not run.",
);
Deno.exitCode = done ? 0 : 1;
