/** The handler on a stage where its system calls can be made to fail: kinds of starts. */
import { FORMAT_VERSION, HEAD_SIZE } from "../../lib/routes/format.ts";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { binfmtLine } from "../../lib/binfmt/line.ts";
import { USER_LAYER } from "../../lib/paths.ts";
import { HOST, Stage } from "../handler/stage.ts";
import { headersOf, reporter } from "../programs.ts";
import { machine } from "../real/foreign.ts";
import { compileHere, Injector } from "./injector.ts";

/** The table's file name for the system, and for a user without a layer. */
export const TABLE = `routes-${FORMAT_VERSION}`;

const MACHINE = "riscv64";

/** A program whose headers stand behind all that the handler reads at once. */
const FAR = headersOf(MACHINE, { interp: "/lib/ld.so", phoff: 2 * HEAD_SIZE });

/**
 * Which interpreter a layer chooses by the program's own path, which the start does not give; the
 * other one is always there, too. The right one is for dynamic programs alone.
 */
const layer = (chosen: "right" | "wrong", other: "right" | "wrong") =>
  `[defaults]
interpreter = "${other}"
[interpreters.right]
path = "$/right"
machines = ["${MACHINE}"]
required_paths = ["$/needed"]
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
}

export const KINDS: readonly Kind[] = [
  { name: "root's, with a table", table: "fresh" },
  { name: "root's, without a table", table: "none" },
  { name: "root's, with a table out of date", table: "stale" },
  { name: "a user's with a layer, with a table", user: true, table: "fresh" },
  { name: "a user's with a layer, without a table", user: true, table: "none" },
  { name: "a user's with a layer in a session", user: true, session: true, table: "none" },
];

export class FaultStage {
  readonly stage: Stage;
  readonly kind: Kind;
  readonly injector: Injector;
  /** The program's arguments, behind its path. */
  readonly args = ["a b", "", "-h"];

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
      ...[stage.path("injector"), stage.path("link"), ...this.args],
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
    const stage = new Stage();
    await compileHere("injector.c", stage.path("injector"));
    for (const name of ["right", "wrong"]) stage.write(name, reporter(HOST), 0o755);
    stage.write("program", FAR, 0o755);
    Deno.symlinkSync("program", stage.path("link"));
    stage.write("needed", "");
    stage.write("layer", "");
    Deno.mkdirSync(stage.path("runtime"), { mode: 0o700 });
    const own = stage.write(`home/.config/${USER_LAYER}`, "");
    const sources = [stage.path("layer"), stage.path("absent")];
    // Where a user's layer counts, the system's table is right for nobody.
    const system = kind.user ? layer("wrong", "right") : layer("right", "wrong");
    stage.configure(layer("right", "wrong"), [...sources, own]);
    Deno.renameSync(stage.path("table"), stage.path("users-table"));
    stage.configure(system, sources);
    const resolver = `#!/bin/sh
case " $* " in *" --system "*) exec cat ${stage.path("table")} ;; esac
exec cat ${stage.path("users-table")}
`;
    stage.write("resolver", resolver, 0o755);
    return new FaultStage(kind, stage);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.injector[Symbol.asyncDispose]();
    this.stage[Symbol.dispose]();
  }
}
