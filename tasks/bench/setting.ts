/** What is measured stands in a world of its own; this puts everything there. */
import { ADMIN_LAYERS, VENDOR_LAYERS } from "../../lib/paths.ts";
import type { Host } from "../../lib/native/language.ts";
import { nothing } from "../nothing.ts";
import { World } from "../world.ts";

export const HOST: Host = Deno.build.arch;
export const FOREIGN: Host = HOST === "x86_64" ? "aarch64" : "x86_64";
export const QEMU = `/usr/bin/qemu-${FOREIGN}-static`;

/** Rules for exact paths and folders, none of which matches what is timed. */
export function rules(count: number): string {
  const shapes = (i: number) => [`/opt/app${i}/bin/program`, `/srv/games/g${i}/`][i % 2];
  return Array.from(
    { length: count },
    (_, i) => `[binaries.b${i}]\npath = "${shapes(i)}"\ninterpreter = "nothing"\n`,
  ).join("");
}

/** Rules that configure() has; more than 10,000 in all would be too many. */
const CONFIGURED = 2;

/** A world with an interpreter that does nothing, and foreign programs that are started by it. */
export class Setting extends World {
  /** Ends at once. */
  readonly native: string;
  readonly #program = nothing(FOREIGN);

  constructor() {
    super();
    this.install();
    this.native = this.executable("native", nothing(HOST));
    for (const folder of ["plain", "qemu"]) Deno.mkdirSync(`${this.folder}/${folder}`);
  }

  executable(name: string, content: Uint8Array | string): string {
    const path = `${this.folder}/${name}`;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    Deno.writeFileSync(path, bytes, { mode: 0o755 });
    return path;
  }

  /** Registers an interpreter for files that end in `.name`: several can stand side by side. */
  registerFor(name: string, interpreter: string, flags = "POF"): void {
    this.register(`:${name}:E::${name}::${interpreter}:${flags}`);
  }

  /** A foreign program that the interpreter of that name starts; `qemu`: that qemu is to run. */
  program(name: string, folder: "plain" | "qemu" = "plain"): string {
    return this.executable(`${folder}/program.${name}`, this.#program);
  }

  /**
   * The configuration, which the incumbent can read too, but for the rules: it gets none to look
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
path = "${this.folder}/qemu/"
interpreter = "qemu"
[binaries.incumbent]
path = "${this.folder}/qemu/program.incumbent"
interpreter = "qemu"
`,
    );
  }

  /** Has the table for so many rules made; its path. The files stay those of the last call. */
  async table(name: string, count: number, program: string): Promise<string> {
    const table = `${this.folder}/table-${name}${count}`;
    this.file(`${ADMIN_LAYERS}/rules.toml`, rules(count - CONFIGURED));
    const { status, stderr } = await this.run(
      ["sh", "-c", `${program} routes --system > ${table}`],
    );
    if (status !== 0) throw new Error(`Cannot make the table of ${count} rules: ${stderr}`);
    return table;
  }

  /**
   * A program's handler, for a table that stands ready: so two can be compared over the same
   * sources, whatever the table holds. It is registered by its name and the count.
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

  /** What people write without any of all this: a script that looks and then starts. */
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
    // The kernel starts a script as interpreter only without a descriptor to hand over.
    this.registerFor("launcher", this.executable("launcher", script), "P");
  }
}
