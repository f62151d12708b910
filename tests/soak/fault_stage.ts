/** A stage on which the handler's system calls can be made to fail. */
import { HEAD_LIMIT } from "../../lib/elf/header.ts";
import { HEADER, SOURCE } from "../../lib/routes/format.ts";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { binfmtLine } from "../../lib/binfmt/line.ts";
import { USER_LAYER } from "../../lib/paths.ts";
import { exists } from "../../tasks/exists.ts";
import { compileC } from "../compile_c.ts";
import { HOST, Stage } from "../handler/stage.ts";
import { headersOf, parseReport, reporter } from "../programs.ts";
import { machine } from "../elf/build_elf.ts";
import { WITH_USERS } from "../../tasks/world.ts";
import { type Fault, Injector, type Outcome } from "./injector.ts";
import { type Kind, layerOf, MACHINE, type Way } from "./kinds.ts";

/** A program whose program headers are beyond the handler's first read. */
const FAR = headersOf(MACHINE, { interp: "/lib/ld.so", phoff: 2 * HEAD_LIMIT });

/**
 * $1: the lines for binfmt_misc; $2: a directory for user 1000's runtime directory, or empty; then
 * the command.
 */
const ENTER = `
set -eu
lines=$1 runtime=$2; shift 2
mount -t tmpfs none /run
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf '%s\\n' "$lines" | while IFS= read -r line; do
  printf %s "$line" > /proc/sys/fs/binfmt_misc/register
done
if [ -n "$runtime" ]; then
  mkdir -p /run/user/1000
  mount --bind "$runtime" /run/user/1000
fi
exec "$@"
`;

/** Removes a file, directory or link, if it exists. */
function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function resolver({ directory }: Stage): string {
  return `#!/bin/sh
D=${directory} K=${directory}/runtime/krun
case " $* " in
  " install "*) exec ln -f $D/right $D/installed ;;
  " vm start ") [ ! -e $K/away ] || exec mv $K/away $K/server ;;
  *" --system "*) exec cat $D/systems-table ;;
  *) exec cat $D/users-table ;;
esac
`;
}

/** Allowed output: none, that the last table is used, or that another start seems to be asking. */
const FINE =
  /^(binfmt-dispatcher: (Cannot compile a new route table:|Waiting for an installation) .*\n)?$/;

/** Milliseconds until no source is young: lib/handler/system/sources.ts. */
const SETTLED = 40;

export class FaultStage {
  readonly stage: Stage;
  readonly kind: Kind;
  readonly injector: Injector;
  /** The program's arguments, after its path. */
  readonly args = ["a b", "", "-h"];
  /** A valid table, and its file's name. */
  #fresh = { name: "", bytes: new Uint8Array() };

  /** muvm's server. */
  #server: Deno.UnixListener | undefined;
  /** The outcome of a start without a fault. */
  #undisturbed: Outcome | undefined;

  private constructor(kind: Kind, stage: Stage) {
    this.kind = kind;
    this.stage = stage;
    this.injector = this.#inject(kind.way);
  }

  #inject(way: Way | undefined): Injector {
    const { kind: { user, session }, stage } = this;
    const [entry] = machineEntries(machine(MACHINE));
    const telling = { name: "extension", telling: { extension: "fault" } };
    const lines = [{ ...entry!, name: "fault" }, telling].map((each) => {
      const line = binfmtLine(each, stage.path("handler"), "POF");
      if (!line.ok) throw new Error(line.failure.why);
      return line.value;
    });
    const runtime = session ? stage.path("runtime") : "";
    const within = way === "secure"
      ? ["sh", "-c", WITH_USERS, "sh", Deno.makeTempDirSync({ dir: stage.directory })]
      : ["unshare", "-Urm"];
    return new Injector([
      ...[...within, "sh", "-c", ENTER, "sh", lines.join("\n"), runtime],
      ...(user ? ["unshare", "-U", "--map-user=1000", "--map-group=1000"] : []),
      stage.path("injector"),
      ...(way === "offer" ? ["-t"] : way === "secure" ? ["-s"] : []),
      ...(way?.startsWith("guest") ? ["-p"] : []),
      ...this.#command(way),
    ], {
      clearEnv: true,
      env: {
        ...{ PATH: "/usr/bin:/bin", HOME: stage.path("home") },
        ...(session ? { XDG_RUNTIME_DIR: "/run/user/1000" } : {}),
      },
      cwd: stage.directory,
    });
  }

  /** The program that is started, and its arguments. */
  #command(way: Way | undefined): string[] {
    const { args, stage } = this;
    const guest = (input: string) => [
      ...[stage.path("handler"), "guest", "022", input, stage.directory],
      // Encoded: lib/handler/decide/guest_words.ts.
      ...[stage.path("right"), stage.path("link"), ...args.map((arg) => arg.replace(/^-/, "%2D"))],
    ];
    switch (way) {
      case "table":
        return [stage.path("handler"), "table"];
      case "tell":
        return [stage.path("handler"), "tell", stage.path("link"), "/proc"];
      case "guest":
        return guest("ready");
      case "guest with a file":
        return guest(`0${stage.path("layer")}`);
      case "script":
      case "own script":
      case "own program":
        return [stage.path(`${way}.fault`), ...args];
      default:
        return [stage.path("link"), ...args];
    }
  }

  static async open(kind: Kind): Promise<FaultStage> {
    const fallback = { machine: MACHINE, name: "right", image: reporter(HOST) };
    const stage = new Stage(undefined, kind.way === "alone" ? { fallbacks: [fallback] } : {});
    await compileC(new URL("injector.c", import.meta.url), stage.path("injector"));
    for (const name of ["right", "wrong", "muvm", "own program.fault"]) {
      stage.write(name, reporter(HOST), 0o755);
    }
    stage.write("program", FAR, 0o755);
    Deno.symlinkSync("program", stage.path("link"));
    stage.write("script.fault", `#!${stage.path("link")} a b\n`, 0o755);
    stage.write("own script.fault", `#!${stage.path("right")} a b\n`, 0o755);
    for (const name of ["needed", "layer", "home/needed", "home/.local/share/needed"]) {
      stage.write(name, "");
    }
    Deno.mkdirSync(stage.path("runtime"), { mode: 0o700 });
    stage.write(`home/.config/${USER_LAYER}`, "");
    const opened = new FaultStage(kind, stage);
    opened.#makeTables();
    if (kind.way === "alone") remove(stage.path("resolver"));
    else stage.write("resolver", resolver(stage), 0o755);
    if (kind.way?.startsWith("muvm")) opened.#serve();
    await opened.settle();
    if (kind.table !== "none") await opened.#takeTable();
    opened.prepare();
    opened.#undisturbed = await opened.start({ action: "nothing" });
    if (opened.interpreterOf(opened.#undisturbed) === "right") return opened;
    throw new Error(`A start without a fault: ${JSON.stringify(opened.#undisturbed)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.injector[Symbol.asyncDispose]();
    this.#server?.close();
    this.stage[Symbol.dispose]();
  }

  /** Starts muvm's server, which is found only by the name `server`, and locks all ports. */
  #serve(): void {
    const directory = this.stage.path("runtime/krun");
    Deno.mkdirSync(`${directory}/socket`, { recursive: true, mode: 0o700 });
    for (let port = 50_000; port < 50_200; port++) {
      Deno.writeTextFileSync(`${directory}/socket/port-${port}.lock`, "");
    }
    const server = Deno.listen({ transport: "unix", path: `${directory}/server` });
    this.#server = server;
    (async () => {
      for await (const connection of server) connection.close();
    })();
  }

  /** Keeps the table that an ordinary start makes. */
  async #takeTable(): Promise<void> {
    await using ordinary = this.#inject(undefined);
    await ordinary.start({ action: "nothing" });
    const [name] = this.tables();
    this.#fresh = { name: name!, bytes: Deno.readFileSync(`${this.directory}/${name}`) };
  }

  /** The tables that the resolver prints, for the system and the user, and two to copy from. */
  #makeTables(): void {
    const sources = [this.stage.path("layer"), this.stage.path("absent")];
    const own = [...sources, this.stage.path(`home/.config/${USER_LAYER}`)];
    const make = (name: string, toml: string, sources: readonly string[]) => {
      this.stage.configure(toml, sources);
      Deno.renameSync(this.stage.path("table"), this.stage.path(name));
    };
    const right = layerOf(this.kind, "right"), wrong = layerOf(this.kind, "wrong");
    // If a user's layer applies, the system's table is wrong.
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

  /** A shell command that changes the layer in one step. */
  change(to: "right" | "wrong"): string {
    const made = this.stage.path(this.kind.user ? "users-table" : "systems-table");
    const copy = `cp ${this.stage.path(`${to}-table`)} ${made}.new`;
    return `${copy} && mv ${made}.new ${made} && touch ${this.stage.path("layer")}`;
  }

  /** The directory of its tables. */
  get directory(): string {
    if (this.kind.session) return this.stage.path("runtime/binfmt-dispatcher");
    return this.stage.path(this.kind.user ? "home/.cache/binfmt-dispatcher" : "tables");
  }

  /** The names of the files there. */
  tables(): string[] {
    return exists(this.directory)
      ? [...Deno.readDirSync(this.directory)].map(({ name }) => name)
      : [];
  }

  /** Removes files that are not tables; returns their names, except an offer's record. */
  takeLeft(): string[] {
    const left = this.tables().filter((name) => !name.startsWith("routes-"));
    for (const name of left) Deno.removeSync(`${this.directory}/${name}`);
    return left.filter((name) => name !== "asked" || this.kind.way !== "offer");
  }

  /** Sets up the table and the interpreters of the kind. */
  prepare(): void {
    // If one directory fails, the other one is used.
    for (const each of [this.directory, this.stage.path("home/.cache")]) remove(each);
    remove(this.stage.path("installed"));
    const [server, away] = ["server", "away"].map((name) =>
      this.stage.path(`runtime/krun/${name}`)
    );
    if (this.kind.way === "muvm's machine" && exists(server!)) Deno.renameSync(server!, away!);
    if (!this.kind.user) Deno.mkdirSync(this.directory, { mode: 0o755 });
    if (this.kind.table === "none") return;
    const table = this.#fresh.bytes.slice();
    if (this.kind.table === "stale") {
      const first = new DataView(table.buffer).getUint32(HEADER.sources, true);
      table[first + SOURCE.exists]! ^= 1;
    }
    Deno.mkdirSync(this.directory, { recursive: true });
    const mode = this.kind.user ? 0o600 : 0o644;
    Deno.writeFileSync(`${this.directory}/${this.#fresh.name}`, table, { mode });
  }

  /**
   * The interpreter that got this program and these arguments; undefined if there is none, or if
   * there is output other than FINE. An errand is right if its table exists afterwards, or if its
   * answer is the usual one.
   */
  interpreterOf({ status, signal, stdout, stderr }: Outcome): "right" | "wrong" | undefined {
    const { kind: { way } } = this;
    if (!FINE.test(stderr)) return undefined;
    if (way === "table") {
      return status === 0 && stdout === "" && this.tables().length === 1 ? "right" : undefined;
    }
    if (way === "tell") {
      if (status !== 0) return undefined;
      return stdout === (this.#undisturbed?.stdout ?? stdout) ? "right" : "wrong";
    }
    if (signal !== 0 || !stdout.includes("\x1e\0")) return undefined;
    const { argv } = parseReport(stdout);
    if (status !== argv.length) return undefined;
    const said = argv.join("\0");
    return (["right", "wrong"] as const).find((name) =>
      this.#given(name, argv).join("\0") === said
    );
  }

  /** Is this word the only difference from a start without a fault? */
  differsBy(word: string, { stdout }: Outcome): boolean {
    const words = this.#undisturbed?.stdout.split("\0") ?? [];
    const told = stdout.split("\0");
    return told.length === words.length &&
      told.every((each, i) => each === words[i] || each === word);
  }

  /** The argv of an interpreter; for muvm, that of a start without a fault. */
  #given(name: "right" | "wrong", found: readonly string[]): readonly string[] {
    const { args, kind: { way }, stage } = this;
    const link = stage.path("link"), path = stage.path(name), script = stage.path("script.fault");
    if (name === "wrong") return [path, link, ...args];
    switch (way) {
      case "alone": // lib/handler/system/fallback.ts
        return [name, "-0", link, "--", link, ...args];
      case "offer":
        return [stage.path("installed"), link, ...args];
      case "script":
        return [path, link, "a b", script, ...args];
      case "own script":
        return [path, "a b", stage.path("own script.fault"), ...args];
      case "own program":
        return [stage.path("own program.fault"), ...args];
      case "muvm":
      case "muvm's machine":
        return this.#throughMuvm(found);
      default:
        return [path, link, ...args];
    }
  }

  /** If standard input cannot be examined, a child of the handler may pass it on. */
  #throughMuvm(found: readonly string[]): readonly string[] {
    const { argv } = parseReport(this.#undisturbed?.stdout ?? "");
    const input = argv.indexOf("guest") + 2;
    return argv.map((word, i) => i === input && found[i] === "ready" ? "ready" : word);
  }
}
