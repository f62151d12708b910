/** The handler on a stage where its system calls can be made to fail: kinds of starts. */
import { HEAD_SIZE, HEADER, SOURCE } from "../../lib/routes/format.ts";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { binfmtLine } from "../../lib/binfmt/line.ts";
import { USER_LAYER } from "../../lib/paths.ts";
import { exists } from "../../tasks/exists.ts";
import { compileC } from "../compile_c.ts";
import { HOST, Stage } from "../handler/stage.ts";
import { headersOf, parseReport, reporter } from "../programs.ts";
import { machine } from "../real/foreign.ts";
import { type Fault, Injector, type Outcome } from "./injector.ts";

const MACHINE = "riscv64";

/** A program whose headers stand behind all that the handler reads at once. */
const FAR = headersOf(MACHINE, { interp: "/lib/ld.so", phoff: 2 * HEAD_SIZE });

/**
 * Which interpreter a layer chooses by the program's own path, which the start does not give; the
 * other one is always there, too. The right one is for dynamic programs alone.
 */
const layer = (chosen: "right" | "wrong", other: "right" | "wrong", needed = "") =>
  `[defaults]
interpreter = "${other}"
[interpreters.right]
path = "$/right"
machines = ["${MACHINE}"]
required_paths = ["$/needed"${needed}]
linkage = "dynamic"
[interpreters.wrong]
path = "$/wrong"
machines = ["${MACHINE}"]
[binaries.program]
path = "$/program"
interpreter = ["${chosen}", "${other}"]
`;

/**
 * $1: the line for binfmt_misc; $2: a folder for user 1000's runtime folder, or nothing; then the
 * command.
 */
const ENTER = `
set -eu
line=$1 runtime=$2; shift 2
mount -t tmpfs none /run
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf %s "$line" > /proc/sys/fs/binfmt_misc/register
if [ -n "$runtime" ]; then
  mkdir -p /run/user/1000
  mount --bind "$runtime" /run/user/1000
fi
exec "$@"
`;

/** A kind of start. */
export interface Kind {
  readonly name: string;
  /** Else root's. */
  readonly user?: true;
  /** With a runtime folder. */
  readonly session?: true;
  /** Is there a table: none, one that holds, or one that does not? */
  readonly table: "none" | "fresh" | "stale";
  /** There is no resolver; the right interpreter is in the handler. */
  readonly alone?: true;
  /** No start, but what is done at boot: lib/handler/system/system_table.ts. */
  readonly errand?: true;
}

export const KINDS: readonly Kind[] = [
  { name: "root's, with a table", table: "fresh" },
  { name: "root's, without a table", table: "none" },
  { name: "root's, with a table out of date", table: "stale" },
  { name: "a user's with a layer, with a table", user: true, table: "fresh" },
  { name: "a user's with a layer, without a table", user: true, table: "none" },
  { name: "a user's with a layer in a session", user: true, session: true, table: "none" },
  { name: "one by the interpreter in the handler", table: "none", alone: true },
  { name: "no start but `handler table`", table: "none", errand: true },
];

/** Starts that make a table. */
export const MAKING = KINDS.filter(({ table, alone, errand }) =>
  table === "none" && !alone && !errand
);

/** A file, a folder or a link, if it is there. */
function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Milliseconds after which no source is young: lib/handler/system/sources.ts. */
const SETTLED = 40;

export class FaultStage {
  readonly stage: Stage;
  readonly kind: Kind;
  readonly injector: Injector;
  /** The program's arguments, behind its path. */
  readonly args = ["a b", "", "-h"];
  /** A table that holds, and its file's name. */
  #fresh = { name: "", bytes: new Uint8Array() };

  private constructor(kind: Kind, stage: Stage) {
    this.kind = kind;
    this.stage = stage;
    const [entry] = machineEntries(machine(MACHINE));
    const line = binfmtLine({ ...entry!, name: "fault" }, stage.path("handler"), "POF");
    if (!line.ok) throw new Error(line.failure.why);
    const runtime = kind.session ? stage.path("runtime") : "";
    const become = kind.user ? ["unshare", "-U", "--map-user=1000", "--map-group=1000"] : [];
    this.injector = new Injector([
      ...["unshare", "-Urm", "sh", "-c", ENTER, "sh", line.value, runtime],
      ...become,
      stage.path("injector"),
      ...(kind.errand ? [stage.path("handler"), "table"] : [stage.path("link"), ...this.args]),
    ], {
      clearEnv: true,
      env: {
        ...{ PATH: "/usr/bin:/bin", HOME: stage.path("home") },
        ...(kind.session ? { XDG_RUNTIME_DIR: "/run/user/1000" } : {}),
      },
      cwd: stage.folder,
    });
  }

  static async open(kind: Kind): Promise<FaultStage> {
    const fallback = { machine: MACHINE, name: "right", image: reporter(HOST) };
    const stage = new Stage(undefined, kind.alone ? { fallbacks: [fallback] } : {});
    await compileC(new URL("injector.c", import.meta.url), stage.path("injector"));
    for (const name of ["right", "wrong"]) stage.write(name, reporter(HOST), 0o755);
    stage.write("program", FAR, 0o755);
    Deno.symlinkSync("program", stage.path("link"));
    for (const name of ["needed", "layer", "home/needed", "home/.local/share/needed"]) {
      stage.write(name, "");
    }
    Deno.mkdirSync(stage.path("runtime"), { mode: 0o700 });
    stage.write(`home/.config/${USER_LAYER}`, "");
    const opened = new FaultStage(kind, stage);
    opened.#makeTables();
    const resolver = `#!/bin/sh
case " $* " in *" --system "*) exec cat ${stage.path("systems-table")} ;; esac
exec cat ${stage.path("users-table")}
`;
    stage.write("resolver", resolver, 0o755);
    if (kind.alone) {
      remove(stage.path("resolver"));
      return opened;
    }
    await opened.settle();
    await opened.start({ action: "nothing" });
    const [name] = opened.tables();
    opened.#fresh = { name: name!, bytes: Deno.readFileSync(`${opened.folder}/${name}`) };
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.injector[Symbol.asyncDispose]();
    this.stage[Symbol.dispose]();
  }

  /** What the resolver gives: the system's and the user's, and another one for either. */
  #makeTables(): void {
    const sources = [this.stage.path("layer"), this.stage.path("absent")];
    const own = [...sources, this.stage.path(`home/.config/${USER_LAYER}`)];
    const make = (name: string, toml: string, sources: readonly string[]) => {
      this.stage.configure(toml, sources);
      Deno.renameSync(this.stage.path("table"), this.stage.path(name));
    };
    // Root's home is not the stage's.
    const needed = this.kind.user ? ', "~/needed", "{XDG_DATA_HOME}/needed"' : "";
    const right = layer("right", "wrong", needed), wrong = layer("wrong", "right", needed);
    // Where a user's layer counts, the system's table is right for nobody.
    make("systems-table", this.kind.user ? wrong : right, sources);
    make("users-table", right, own);
    make("right-table", right, this.kind.user ? own : sources);
    make("wrong-table", wrong, this.kind.user ? own : sources);
  }

  start(fault: Fault): Promise<Outcome> {
    return this.injector.start(fault);
  }

  /** Waits until no source is young. */
  settle(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, SETTLED));
  }

  /** In the shell, from one moment to the next: the layer now says this. */
  change(to: "right" | "wrong"): string {
    const made = this.stage.path(this.kind.user ? "users-table" : "systems-table");
    const copy = `cp ${this.stage.path(`${to}-table`)} ${made}.new`;
    return `${copy} && mv ${made}.new ${made} && touch ${this.stage.path("layer")}`;
  }

  /** Where its tables stand. */
  get folder(): string {
    if (this.kind.session) return this.stage.path("runtime/binfmt-dispatcher");
    return this.stage.path(this.kind.user ? "home/.cache/binfmt-dispatcher" : "tables");
  }

  /** What stands there. */
  tables(): string[] {
    return exists(this.folder) ? [...Deno.readDirSync(this.folder)].map(({ name }) => name) : [];
  }

  /** Takes away what stands there and is no table; gives its names. */
  takeLeft(): string[] {
    const left = this.tables().filter((name) => !name.startsWith("routes-"));
    for (const name of left) Deno.removeSync(`${this.folder}/${name}`);
    return left;
  }

  /** As its kind has it. */
  prepare(): void {
    // Where one folder fails, the other one serves.
    for (const each of [this.folder, this.stage.path("home/.cache")]) {
      remove(each);
    }
    if (!this.kind.user) Deno.mkdirSync(this.folder, { mode: 0o755 });
    if (this.kind.table === "none") return;
    const table = this.#fresh.bytes.slice();
    if (this.kind.table === "stale") {
      const first = new DataView(table.buffer).getUint32(HEADER.sources, true);
      table[first + SOURCE.exists]! ^= 1;
    }
    Deno.mkdirSync(this.folder, { recursive: true });
    const mode = this.kind.user ? 0o600 : 0o644;
    Deno.writeFileSync(`${this.folder}/${this.#fresh.name}`, table, { mode });
  }

  /**
   * The interpreter that was given this program and these arguments, and nobody said anything but
   * that the last table serves. An errand is right where the table then stands there.
   */
  interpreterOf({ status, signal, stdout, stderr }: Outcome): "right" | "wrong" | undefined {
    if (!/^(binfmt-dispatcher: Cannot make a new route table: .*\n)?$/.test(stderr)) {
      return undefined;
    }
    if (this.kind.errand) {
      return status === 0 && stdout === "" && this.tables().length === 1 ? "right" : undefined;
    }
    if (signal !== 0 || !stdout.includes("\x1e\0")) return undefined;
    const [interpreter, ...argv] = parseReport(stdout).argv;
    const link = this.stage.path("link");
    // lib/handler/system/fallback.ts
    const given = [...(this.kind.alone ? ["-0", link, "--"] : []), link, ...this.args];
    if (status !== 1 + given.length || argv.join("\0") !== given.join("\0")) return undefined;
    const path = (name: string) => this.kind.alone ? name : this.stage.path(name);
    return (["right", "wrong"] as const).find((name) => interpreter === path(name));
  }
}
