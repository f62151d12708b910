/** The world in which measurements are made. */
import { ADMIN_LAYERS, VENDOR_LAYERS } from "../../lib/paths.ts";
import type { Host } from "../../lib/native/language.ts";
import { nothing } from "../nothing.ts";
import { World } from "../world.ts";

const HOST: Host = Deno.build.arch;
export const FOREIGN: Host = HOST === "x86_64" ? "aarch64" : "x86_64";
export const QEMU = `/usr/bin/qemu-${FOREIGN}-static`;

/** Rules for exact paths and directories that do not match what is timed. */
export function rules(count: number): string {
  const shapes = (i: number) => [`/opt/app${i}/bin/program`, `/srv/games/g${i}/`][i % 2];
  return Array.from(
    { length: count },
    (_, i) => `[binaries.b${i}]\npath = "${shapes(i)}"\ninterpreter = "nothing"\n`,
  ).join("");
}

/** Rules that configure() adds; the limit is 10,000 in all. */
const CONFIGURED = 2;

/** A world with an interpreter that does nothing, and foreign programs that it starts. */
export class Setting extends World {
  /** Ends at once. */
  readonly native: string;
  readonly #program = nothing(FOREIGN);

  constructor() {
    super();
    this.install();
    this.native = this.executable("native", nothing(HOST));
    for (const directory of ["plain", "qemu"]) Deno.mkdirSync(`${this.directory}/${directory}`);
  }

  executable(name: string, content: Uint8Array | string): string {
    const path = `${this.directory}/${name}`;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    Deno.writeFileSync(path, bytes, { mode: 0o755 });
    return path;
  }

  /** Registers an interpreter for files that end in `.name`, so that several can be compared. */
  registerFor(name: string, interpreter: string, flags = "POF"): void {
    this.register(`:${name}:E::${name}::${interpreter}:${flags}`);
  }

  /** A foreign program that the interpreter of that name starts; `qemu`: one that qemu can run. */
  program(name: string, directory: "plain" | "qemu" = "plain"): string {
    return this.executable(`${directory}/program.${name}`, this.#program);
  }

  /**
   * The configuration, which the incumbent can read too, except the rules: it gets none to look
   * through.
   */
  configure(): void {
    this.file(
      `${VENDOR_LAYERS}/00-default.toml`,
      `[defaults]
interpreter = "nothing"
log_level = "error"
[interpreters.nothing]
path = "${this.native}"
machines = ["${FOREIGN}"]
[interpreters.qemu]
path = "${QEMU}"
machines = ["${FOREIGN}"]
[binaries.ours]
path = "${this.directory}/qemu/"
interpreter = "qemu"
[binaries.incumbent]
path = "${this.directory}/qemu/program.incumbent"
interpreter = "qemu"
`,
    );
  }

  /**
   * Makes the table for this many rules; returns its path. The sources remain those of the last
   * call.
   */
  async table(name: string, count: number, program: string): Promise<string> {
    const table = `${this.directory}/table-${name}${count}`;
    this.file(`${ADMIN_LAYERS}/rules.toml`, rules(count - CONFIGURED));
    const { status, stderr } = await this.run(
      ["sh", "-c", `${program} routes --system > ${table}`],
    );
    if (status !== 0) throw new Error(`Cannot make the table of ${count} rules: ${stderr}`);
    return table;
  }

  /**
   * A program's handler with a ready table, so that two can be compared over the same sources,
   * whatever the table holds. It is registered by its name and the count.
   */
  async handlers(name: string, count: number, program: string): Promise<void> {
    const tables = `/run/tables-${name}${count}`;
    const table = await this.table(name, count, program);
    const resolver = this.executable(
      `resolver-${name}${count}`,
      `#!/bin/sh\nexec cat "${table}"\n`,
    );
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: ["handler", "--resolver", resolver, "--tables", tables],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    this.registerFor(`${name}${count}`, this.executable(`handler-${name}${count}`, stdout));
  }

  /**
   * What people write without binfmt-dispatcher: a script that inspects the program and starts it.
   */
  launcher(): void {
    const script = `#!/bin/dash
program=$1
shift 2
case $program in
*/qemu/*) set -- "${QEMU}" "$program" "$@" ;;
*) set -- "${this.native}" "$program" "$@" ;;
esac
[ -x "$1" ] || { echo "missing: $1" >&2; exit 127; }
exec "$@"
`;
    // The kernel accepts a script as interpreter only without flag O.
    this.registerFor("launcher", this.executable("launcher", script), "P");
  }
}
