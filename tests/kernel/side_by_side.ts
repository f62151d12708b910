/**
 * Starts a program in the same way, once with the interpreter itself in binfmt_misc and once with
 * the handler: everything that the interpreter sees must be the same.
 */
import { assertEquals } from "@std/assert";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { ADMIN_LAYER, HANDLER, SYSTEM_TABLES } from "../../lib/paths.ts";
import type { Host } from "../../lib/native/program.ts";
import { World } from "../../tasks/world.ts";
import { machine } from "../elf/build_elf.ts";
import { FOREIGN, lineOf } from "../real/foreign.ts";
import { launcher } from "./launcher.ts";
import { transparencyRows } from "./transparency_rows.ts";
import { parseTestimony, REPORT, type Testimony, witness } from "./witness.ts";

/** A way to start a program. */
export interface Scenario {
  readonly name: string;
  /** Bash; it ends with exec. $P is the program, $L the launcher, $D an empty directory. */
  readonly script: string;
  /** Tried only with a table: the resolver needs more than the script allows. */
  readonly warm?: true;
}

/** The paths of these tests' programs in a world. */
export const PROGRAM = "/usr/share/kernel/program";
export const LAUNCHER = "/usr/share/kernel/launcher";
export const WITNESS = "/usr/share/kernel/witness";

/** What is registered, and its flags; “cold”: the handler, without a table. */
const MODES = ["direct-P", "direct-PO", "handler-P", "handler-PO", "handler-POF", "cold-POF"];

/** The interpreter is the witness itself. The kernel's own order: path, argv[0], arguments. */
export const WITNESS_LAYER = `[defaults]
interpreter = "witness"
[interpreters.witness]
path = "${WITNESS}"
args = ["{program}", "{argv0}"]
machines = ["${FOREIGN}"]
`;

export interface Interpreter {
  readonly name: string;
  /** Its entry in binfmt_misc without the handler. */
  readonly direct: string;
  /** The administrator's layer that chooses it. */
  readonly layer: string;
}

export const INTERPRETERS: readonly Interpreter[] = [
  { name: "the witness", direct: WITNESS, layer: WITNESS_LAYER },
  // Debian's qemu knows by this name that argv[0] follows the path.
  { name: "qemu-user", direct: `/usr/libexec/qemu-binfmt/${FOREIGN}-binfmt-P`, layer: "" },
];

/** The line of an entry for FOREIGN's programs. */
export function lineFor(name: string, interpreter: string, flags: string): string {
  const [entry] = machineEntries(machine(FOREIGN));
  return lineOf({ ...entry!, name }, interpreter, flags);
}

/** A world with the programs of these tests, and nothing registered. */
export function worldWithWitness(layer: string): World {
  const world = new World();
  world.install();
  world.file(ADMIN_LAYER, layer);
  world.file(PROGRAM, witness(FOREIGN as Host), 0o755);
  world.file(WITNESS, witness(Deno.build.arch as Host), 0o755);
  world.file(LAUNCHER, launcher(Deno.build.arch as Host), 0o755);
  return world;
}

export const ENTRIES = "/proc/sys/fs/binfmt_misc";

/** Starts each scenario in its own process, whose standard streams are files with fixed names. */
const DRIVER = `
only() {
  local entry
  for entry in ${ENTRIES}/{direct,handler}-*; do echo 0 > $entry; done
  echo 1 > ${ENTRIES}/$1
}
start() { # scenario mode
  local name=/run/results/$1.$2 status=0
  rm -rf $D; mkdir $D
  # The shell's message about a killed process goes to /dev/null.
  {
    (echo $BASHPID > $name.pid; cd $D; "scenario_$1") </dev/null >/run/out 2>/run/err || status=$?
  } 2>/dev/null
  echo $status > $name.status
  mv /run/out $name.out
  mv /run/err $name.err
  [ ! -e ${REPORT} ] || mv ${REPORT} $name.report
}
mkdir /run/results
P=${PROGRAM} L=${LAUNCHER} D=/run/directory
cd /
`;

/** The outcome of one start. */
interface Seen {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: string;
  readonly testimony: Testimony | undefined;
}

function read(world: World, scenario: number, mode: string): Seen {
  const file = (what: string) => world.outside(`/run/results/${scenario}.${mode}.${what}`);
  const text = (what: string) => Deno.readTextFileSync(file(what));
  let report: Uint8Array | undefined;
  try {
    report = Deno.readFileSync(file("report"));
  } catch {
    // The interpreter was not reached.
  }
  return {
    status: Number(text("status")),
    stdout: text("out"),
    stderr: text("err"),
    pid: text("pid").trim(),
    testimony: report && parseTestimony(report),
  };
}

const AT_EXECFD = 2;
const AT_FLAGS = 8;
/** Entries of the auxiliary vector that are addresses and so differ between starts. */
const ADDRESSES = new Set([3, 7, 9, 15, 24, 25, 31, 33]);

/** Lines of /proc/self/status that differ in every process, or describe memory. */
const OWN_STATUS = new RegExp(
  "^(FDSize|Tgid|Ngid|Pid|PPid|NS\\w+|SigQ|\\w*ctxt_switches|Vm\\w+|Rss\\w+|Cpus_\\w+|" +
    "Mems_\\w+|HugetlbPages|CoreDumping|THP_\\w+|untag\\w*|x86_\\w+):.*$",
  "gm",
);

/** The parts of an outcome that must be equal. */
function comparable({ status, stdout, stderr, pid, testimony }: Seen) {
  if (testimony === undefined) return { status, stdout, stderr, reached: false };
  const { stat, auxv, descriptors } = testimony;
  const execfd = auxv.get(AT_EXECFD);
  const others = new Map(auxv);
  for (const type of [AT_EXECFD, AT_FLAGS, ...ADDRESSES]) others.delete(type);
  const [comm = "", ...lines] = testimony.status.replaceAll(OWN_STATUS, "").split(/\n+/);
  // After the name in parentheses: state ppid pgrp session tty_nr tpgid …; see proc(5).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    ...testimony,
    comm,
    status: lines,
    AT_EXECFD: execfd === undefined ? undefined : descriptors[Number(execfd)],
    AT_FLAGS: String(auxv.get(AT_FLAGS)),
    descriptors: Object.entries(descriptors).filter(([n]) => n !== String(execfd)),
    stat: {
      pid: stat.startsWith(`${pid} `),
      groups: fields.slice(1, 6).map((id) => id === pid ? "its own" : id),
      nice: fields[16],
    },
    auxv: [...others].map(String),
    exit: status,
    stdout,
    stderr,
    reached: true,
  };
}

/**
 * The handler opens /dev/null at a closed standard stream, so that the program's own descriptor is
 * not opened there: docs/transparency.md.
 */
function withoutGap(descriptors: readonly [string, string][]): [string, string][] {
  const gap = ["0", "1", "2"].find((n) => !descriptors.some(([open]) => open === n));
  const all: [string, string][] = gap === undefined ? [] : [[gap, "/dev/null"]];
  return [...all, ...descriptors].toSorted(([a], [b]) => Number(a) - Number(b));
}

/** A value, shortened so that a difference is readable. */
function brief(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text.length < 3000 ? value : `${text.slice(0, 1500)}…${text.slice(-1500)}`;
}

/**
 * Runs all scenarios in all modes and compares the outcomes, one step per scenario. Every
 * difference must be a row of docs/transparency.md. Returns the rows that were found.
 */
export async function compareSideBySide(
  t: Deno.TestContext,
  interpreter: Interpreter,
  scenarios: readonly Scenario[],
): Promise<ReadonlySet<string>> {
  using world = worldWithWitness(interpreter.layer);
  for (const flags of ["P", "PO"]) {
    world.register(lineFor(`direct-${flags}`, interpreter.direct, flags));
  }
  for (const flags of ["P", "PO", "POF"]) {
    world.register(lineFor(`handler-${flags}`, HANDLER, flags));
  }
  const functions = scenarios.map(({ script }, n) => `scenario_${n}() {\n${script}\n}`);
  const runs = MODES.map((mode) => {
    const cold = mode.startsWith("cold-");
    const tried = scenarios.flatMap(({ warm }, n) => cold && warm ? [] : [n]);
    const starts = tried.map((n) =>
      `${cold ? `rm -f ${SYSTEM_TABLES}/*; ` : ""}start ${n} ${mode}`
    );
    // Make the table here, unless each start has to make it.
    const entry = mode.replace("cold", "handler");
    return `only ${entry}; sleep 0.05; $P || true\n${starts.join("\n")}`;
  });
  const script = [functions.join("\n"), "set -e", DRIVER, ...runs].join("\n");
  world.file("/usr/share/kernel/driver", script);
  const { status, stdout, stderr } = await world.run(["bash", "/usr/share/kernel/driver"]);
  assertEquals([status, stdout, stderr], [0, "", ""]);
  // A program in qemu-user does not see which descriptor qemu was given.
  const seesAll = interpreter.direct === WITNESS;
  const found = new Set<string>();
  for (const [n, scenario] of scenarios.entries()) {
    await t.step(scenario.name, () => compareOne(world, n, scenario, seesAll, found));
  }
  await t.step("the handler took part", () => {
    // The process's name shows it: the program's, as the kernel sets it, or the interpreter's.
    assertEquals(found.has("comm"), true);
  });
  return found;
}

function compareOne(
  world: World,
  n: number,
  { warm }: Scenario,
  seesAll: boolean,
  found: Set<string>,
): void {
  const rows = transparencyRows();
  for (const mode of MODES.filter((mode) => !mode.startsWith("direct"))) {
    if (warm && mode.startsWith("cold")) continue;
    const direct = comparable(
      read(world, n, seesAll && !mode.endsWith("-P") ? "direct-PO" : "direct-P"),
    );
    assertEquals([direct.reached, direct.stdout, direct.stderr], [true, "", ""]);
    const through: Record<string, unknown> = comparable(read(world, n, mode));
    for (const [what, value] of Object.entries(direct)) {
      if (JSON.stringify(through[what]) === JSON.stringify(value)) continue;
      const isGap = "descriptors" in direct && what === "descriptors" &&
        JSON.stringify(through[what]) === JSON.stringify(withoutGap(direct.descriptors));
      const row = isGap ? "standard input" : what;
      if (!rows.includes(row)) {
        assertEquals(brief([mode, what, through[what]]), brief([mode, what, value]));
      }
      assertEquals(rows.includes(row), true, `${mode} ${what}`);
      found.add(row);
    }
  }
}
