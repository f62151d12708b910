import { ADMIN_LAYER } from "../../lib/paths.ts";
import { HANDLER } from "../compile.ts";
import { say } from "../say.ts";
import { FOREIGN, Setting } from "./setting.ts";

interface Memory {
  readonly mappings: number;
  /** kB. */
  readonly resident: number;
  /** Mapped files other than the interpreter's own. */
  readonly files: readonly string[];
  readonly processes: string;
}

/** In place of a foreign program, prints its own mappings and all processes. */
const REPORT = "cat /proc/$$/smaps; echo -; ps -e -o pid=,comm=";

function read(report: string): Memory {
  const [smaps = "", processes = ""] = report.split("\n-\n");
  const headers = [...smaps.matchAll(/^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$/gm)];
  const sizes = [...smaps.matchAll(/^Rss: +([0-9]+) kB$/gm)];
  return {
    mappings: headers.length,
    resident: sizes.reduce((sum, [, size]) => sum + Number(size), 0),
    files: [...new Set(headers.map(([, name = ""]) => name))].filter((name) => name !== ""),
    processes,
  };
}

/** What is left of the handler in memory while a program runs, compared with a direct start. */
export async function measureMemory(): Promise<void> {
  using world = new Setting();
  const script = world.executable("script", REPORT);
  world.file(
    ADMIN_LAYER,
    `[machines.${FOREIGN}]\ninterpreter = "report"\n[interpreters.report]\n` +
      `path = "/bin/dash"\nargs = ["${script}"]\nmachines = ["${FOREIGN}"]\n`,
  );
  world.registerFor("ours", world.executable("handler", await Deno.readFile(HANDLER)));
  const program = world.program("ours");
  // In a PID namespace of its own, ps shows only the processes of this start.
  const run = async (argv: readonly string[]) => {
    const alone = ["unshare", "--pid", "--fork", "--mount-proc", ...argv];
    const { status, stdout, stderr } = await world.run(alone);
    if (status !== 0) throw new Error(`Cannot measure memory: ${stderr}`);
    return read(stdout);
  };
  const direct = await run(["/bin/dash", script]);
  const handled = await run([program]);
  const more = handled.files.filter((name) => !direct.files.includes(name));
  const running = /handler|binfmt-dispatch/.exec(handled.processes)?.[0] ?? "none";
  say("\nIn memory while the program runs");
  say(`  started directly:   ${direct.mappings} mappings, ${direct.resident} kB resident`);
  say(`  by the handler:     ${handled.mappings} mappings, ${handled.resident} kB resident`);
  say(`  mapped by it alone: ${more.join(", ") || "nothing"}; processes left: ${running}`);
}
