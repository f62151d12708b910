/**
 * `./dev demo`: runs a program for another machine, step by step. Everything happens in a user
 * namespace; nothing is registered or written outside it. If namespaces are refused, `run` starts
 * the program, and the demo says what was refused.
 */
import { imageOf } from "../lib/native/elf_image.ts";
import { type Host, Program } from "../lib/native/program.ts";
import { ByHand } from "./by_hand.ts";
import { compile, isCurrent } from "./compile.ts";
import { install } from "./install.ts";
import { refusal } from "./refusal.ts";
import { say } from "./say.ts";
import { type Outcome, World } from "./world.ts";

const FOREIGN: Host = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";
const STARTS = 200;
const ROUNDS = 5;

/** An interpreter that does nothing, so that only the dispatch takes time. */
const NOTHING = `[interpreters.nothing]\npath = "/bin/true"\nmachines = ["${FOREIGN}"]\n`;

/** A program for the other machine, made with lib/native: prints a line and exits with 7. */
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

/**
 * Milliseconds that one start of each command takes: the best mean of some rounds of many starts,
 * in turn, so that other load on the machine affects all of them.
 */
async function time(world: World, commands: readonly string[], env: Record<string, string>) {
  // The first start may have to make a table; it does not count.
  const script = '"$1" >/dev/null; a=$(date +%s%N); i=0; ' +
    'while [ $i -lt "$0" ]; do "$1" >/dev/null; i=$((i+1)); done; ' +
    "b=$(date +%s%N); echo $((b-a))";
  const best = commands.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, command] of commands.entries()) {
      const { stdout } = await world.run(["sh", "-c", script, String(STARTS), command], { env });
      best[i] = Math.min(best[i]!, Number(stdout) / STARTS / 1e6);
    }
  }
  return best;
}

/** Step 1: writes the program. */
function makeProgram(directory: string): void {
  const image = foreignProgram();
  Deno.writeFileSync(`${directory}/hello`, image, { mode: 0o755 });
  say(
    `1. A program for ${FOREIGN}, which this ${Deno.build.arch} machine cannot run:\n` +
      `   hello, ${image.length} bytes\n`,
  );
}

/** Did the program run? */
function saidHello({ status, stdout }: Outcome): boolean {
  return status === 7 && stdout.startsWith("Hello from");
}

async function demonstrate(): Promise<boolean> {
  using world = new World();
  makeProgram(world.directory);
  world.install([FOREIGN]);
  say("2. What would run it, and why:\n");
  show(
    "binfmt-dispatcher explain ./hello",
    await world.run(["binfmt-dispatcher", "explain", "./hello"]),
  );

  say("\n3. The handler is registered with the kernel, in a namespace of its own:\n");
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

  say("\n5. What one dispatch costs, with an interpreter that does nothing:\n");
  world.file("/etc/binfmt-dispatcher.toml", NOTHING);
  const env = { BINFMT_DISPATCHER_INTERPRETER: "nothing" };
  const [through = 0, direct = 0] = await time(world, ["./hello", "/bin/true"], env);
  say(`    ${direct.toFixed(2)} ms  /bin/true`);
  say(
    `    ${through.toFixed(2)} ms  ./hello, through the handler, with /bin/true as interpreter`,
  );
  say(`    ${(through - direct).toFixed(2)} ms  the dispatch`);
  return saidHello(first);
}

async function demonstrateByHand(refused: string): Promise<boolean> {
  using there = new ByHand();
  makeProgram(there.directory);
  await there.install(`/usr/bin/qemu-${FOREIGN}-static`);
  say("2. What would run it, and why:\n");
  show("binfmt-dispatcher --root . explain /hello", await there.explain("hello"));
  say(
    "\n3. No handler can be registered with the kernel here, so three things are not shown:\n" +
      "   its entry in binfmt_misc, a start of the program by its name, and the cost of one.\n" +
      `   What was refused: ${refused}.\n` +
      "   CONTRIBUTING.md says where it is allowed.",
  );
  say(
    "\n4. `run` starts the handler with the program. As when the kernel starts it, it has the\n" +
      "   configuration compiled into a route table, looks the program up and becomes its\n" +
      "   interpreter:\n",
  );
  const ran = await there.run("hello");
  show("binfmt-dispatcher run ./hello", ran);
  return saidHello(ran);
}

if (!await install("demo") || !(isCurrent() || await compile())) Deno.exit(1);
const refused = refusal();
const done = refused === undefined ? await demonstrate() : await demonstrateByHand(refused);
say(
  !done
    ? "\nThe program did not run."
    : refused === undefined
    ? "\nThat is the main job. Nothing of it is left on this machine."
    : "\nThat is the main job, except the kernel's part. Nothing of it is left on this machine.",
);
Deno.exitCode = done ? 0 : 1;
