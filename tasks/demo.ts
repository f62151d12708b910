/**
 * `./dev demo`: the main job, once, on a program of a machine that this host is not. Everything
 * happens in a user namespace of its own; nothing is registered or written outside of it.
 */
import { imageOf } from "../lib/native/elf_image.ts";
import { type Host, Program } from "../lib/native/program.ts";
import { compile, isCurrent } from "./compile.ts";
import { install } from "./install.ts";
import { say } from "./say.ts";
import { type Outcome, World } from "./world.ts";

const FOREIGN: Host = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";
const STARTS = 200;
const ROUNDS = 3;

/** An interpreter that leaves the dispatch alone to be timed. */
const NOTHING = `[interpreters.nothing]\npath = "/bin/true"\nmachines = ["${FOREIGN}"]\n`;

/** A program for the other machine, written with lib/native: prints a line, ends with status 7. */
function foreignProgram(): Uint8Array {
  const p = new Program(FOREIGN);
  const result = p.variable("result");
  const line = `Hello from an ${FOREIGN} program on an ${Deno.build.arch} machine\n`;
  p.entry(p.variable("stack"), () => {
    p.syscall(result, "write", 1, p.text(line), new TextEncoder().encode(line).length);
    p.syscall(result, "exit_group", 7);
  });
  return imageOf(p.code());
}

function show(command: string, { stdout, stderr, status }: Outcome): void {
  say(`    $ ${command}`);
  for (const line of (stdout + stderr).trimEnd().split("\n")) say(`    ${line}`);
  say(`    [status ${status}]`);
}

/** Milliseconds that one start of a command takes: the best mean of some rounds of many starts. */
async function time(world: World, env: Record<string, string>, command: string): Promise<number> {
  // The first start may find a table that has to be made; it is not counted.
  const script = '"$1" >/dev/null; a=$(date +%s%N); i=0; ' +
    'while [ $i -lt "$0" ]; do "$1" >/dev/null; i=$((i+1)); done; ' +
    "b=$(date +%s%N); echo $((b-a))";
  const means = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout } = await world.run(["sh", "-c", script, String(STARTS), command], { env });
    means.push(Number(stdout) / STARTS / 1e6);
  }
  return Math.min(...means);
}

async function demonstrate(world: World): Promise<boolean> {
  const program = `${world.folder}/hello`;
  const image = foreignProgram();
  Deno.writeFileSync(program, image, { mode: 0o755 });
  say(
    `1. A program for ${FOREIGN}, which this ${Deno.build.arch} machine cannot run:\n` +
      `   hello, ${image.length} bytes\n`,
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
    "\n4. The program is started by its name. The kernel starts the handler, which has the",
  );
  say(
    "   configuration compiled into a route table (once), looks the program up and becomes\n" +
      "   its interpreter:\n",
  );
  const first = await world.run(["./hello"]);
  show("./hello", first);

  say("\n5. What one dispatch costs, by an interpreter that does nothing at all:\n");
  world.file("/etc/binfmt-dispatcher.toml", NOTHING);
  const through = await time(world, { BINFMT_DISPATCHER_INTERPRETER: "nothing" }, "./hello");
  const direct = await time(world, {}, "/bin/true");
  say(`    ${direct.toFixed(2)} ms  /bin/true`);
  say(
    `    ${
      through.toFixed(2)
    } ms  ./hello, through the handler, with /bin/true for its interpreter`,
  );
  say(`    ${(through - direct).toFixed(2)} ms  the dispatch`);
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
