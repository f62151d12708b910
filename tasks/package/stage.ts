/** Stages the files of a package: below a directory, at their paths in the package. */
import { gzipSync } from "node:zlib";
import { dirname } from "@std/path";
import { REGISTERED_BY_DEFAULT } from "../../lib/binfmt/registration.ts";
import { completions } from "../../lib/commands/completions.ts";
import {
  HANDLER,
  LINES,
  REGISTRAR,
  RESOLVER,
  SYSTEM_TABLES,
  VENDOR_LAYERS,
} from "../../lib/paths.ts";
import { binfmtLines } from "../binfmt_lines.ts";
import { buildHandler } from "../handler_code.ts";
import { ROOT } from "../start.ts";
import type { Architecture } from "./architectures.ts";
import { copyright } from "./copyright.ts";
import { packageScript, SCRIPTS } from "./scripts.ts";
import deno from "../../deno.json" with { type: "json" };

const PACKAGING = `${ROOT}/packaging`;

/** Copied files: path in the project, path in the package. */
const COPIES: readonly (readonly [from: string, to: string])[] = [
  ["config/schema.json", `${VENDOR_LAYERS}/schema.json`],
  ["config/org.binfmt-dispatcher.policy", "/usr/share/polkit-1/actions/"],
  ["config/binfmt-dispatcher.desktop", "/usr/share/applications/"],
  ["config/binfmt-dispatcher.svg", "/usr/share/icons/hicolor/scalable/apps/"],
  ["packaging/units/binfmt-dispatcher.service", "/usr/lib/systemd/system/"],
  ["packaging/units/binfmt-dispatcher-tables.service", "/usr/lib/systemd/system/"],
  ["packaging/units/binfmt-dispatcher-tables.path", "/usr/lib/systemd/system/"],
  ["packaging/tmpfiles.conf", "/usr/lib/tmpfiles.d/binfmt-dispatcher.conf"],
  ["packaging/nfpm.yaml", "/nfpm.yaml"],
  ["packaging/lintian-overrides", "/lintian-overrides"],
];

/** Writes files with modes that do not depend on the umask. */
class Stage {
  constructor(readonly directory: string) {}

  put(path: string, content: string | Uint8Array, mode = 0o644): void {
    const staged = `${this.directory}${path}`;
    Deno.mkdirSync(dirname(staged), { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    Deno.writeFileSync(staged, bytes);
    Deno.chmodSync(staged, mode);
  }

  copy(from: string, to: string, mode?: number): void {
    const name = to.endsWith("/") ? to + from.slice(from.lastIndexOf("/") + 1) : to;
    this.put(name, Deno.readFileSync(from), mode);
  }

  /** Sets the time of everything, and the mode of directories. */
  settle(date: Date, directory = this.directory): void {
    for (const { name, isDirectory } of Deno.readDirSync(directory)) {
      if (isDirectory) this.settle(date, `${directory}/${name}`);
      else Deno.utimeSync(`${directory}/${name}`, date, date);
    }
    Deno.chmodSync(directory, 0o755);
    Deno.utimeSync(directory, date, date);
  }
}

async function completion(shell: string): Promise<string> {
  const outcome = await completions(shell);
  if (!outcome.ok) throw new Error(`no completions for ${shell}`);
  return outcome.value.stdout as string;
}

function putScripts(stage: Stage, enabled: readonly string[]): void {
  for (const name of SCRIPTS) {
    stage.put(`/scripts/${name}`, packageScript(name, enabled.join(" ")), 0o755);
  }
}

/** The package's changelog, and CHANGELOG.md, to which it refers. */
function putChangelogs(stage: Stage, date: Date): void {
  const changes = Deno.readFileSync(`${ROOT}/CHANGELOG.md`);
  stage.put("/changelog.gz", gzipSync(changes, { level: 9 }));
  const description = Deno.readTextFileSync(`${PACKAGING}/nfpm.yaml`);
  const value = (key: string) => new RegExp(`^${key}: "?(.*?)"?$`, "m").exec(description)![1]!;
  const entry = {
    semver: `${deno.version}-${value("release")}`,
    date: date.toISOString(),
    packager: value("maintainer"),
    deb: { urgency: "medium", distributions: ["stable"] },
    changes: [{ note: "See /usr/share/doc/binfmt-dispatcher/changelog.gz." }],
  };
  stage.put("/changelog.yaml", JSON.stringify([entry])); // JSON is YAML
}

export interface StageOptions {
  readonly directory: string;
  /** The program compiled for the architecture. */
  readonly program: string;
  readonly date: Date;
  /** What a first installation enables; by default what is usual for the architecture. */
  readonly enabled?: readonly string[];
}

/** Stages everything for an architecture. */
export async function stage(
  { machine }: Architecture,
  { directory, program, date, enabled = REGISTERED_BY_DEFAULT.get(machine)! }: StageOptions,
): Promise<void> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  const stage = new Stage(directory);
  stage.copy(program, RESOLVER, 0o755);
  stage.put(
    HANDLER,
    buildHandler({ host: machine, resolver: RESOLVER, tables: SYSTEM_TABLES }),
    0o755,
  );
  stage.copy(`${PACKAGING}/registrar`, REGISTRAR, 0o755);
  stage.copy(`${ROOT}/config/${machine}.toml`, `${VENDOR_LAYERS}/00-default.toml`);
  for (const [from, to] of COPIES) stage.copy(`${ROOT}/${from}`, to);
  for (const [name, text] of binfmtLines(machine)) stage.put(`${LINES}/${name}.conf`, text);
  const page = await Deno.readFile(`${ROOT}/docs/binfmt-dispatcher.1`);
  stage.put("/usr/share/man/man1/binfmt-dispatcher.1.gz", gzipSync(page, { level: 9 }));
  for (const shell of ["bash", "zsh", "fish"]) {
    stage.put(`/completions/${shell}`, await completion(shell));
  }
  putChangelogs(stage, date);
  stage.put("/copyright", await copyright());
  putScripts(stage, enabled);
  stage.settle(date);
}
