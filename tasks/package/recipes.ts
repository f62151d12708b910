/** The files by which others package or install a release: packaging/recipes, filled in. */
import { REGISTERED_BY_DEFAULT } from "../../lib/binfmt/registration.ts";
import { ROOT } from "../start.ts";
import { ARCHITECTURES } from "./architectures.ts";
import { fileNames } from "./file_names.ts";
import { packageScript, SCRIPTS } from "./scripts.ts";
import deno from "../../deno.json" with { type: "json" };

const RECIPES = `${ROOT}/packaging/recipes`;

export interface Release {
  /** OWNER/NAME on GitHub. */
  readonly repository: string;
  /** URL of the directory with the release's files. */
  readonly base: string;
  /** SHA256SUMS: a line for each file. */
  readonly sums: string;
}

/** Name of each recipe, and its text for a release. */
export function recipes(release: Release): ReadonlyMap<string, string> {
  const values = valuesOf(release);
  const filled = [...Deno.readDirSync(RECIPES)].map(({ name }) => {
    const text = Deno.readTextFileSync(`${RECIPES}/${name}`);
    return [name, fillIn(text, values)] as const;
  });
  return new Map([...filled, ["binfmt-dispatcher.install", pacmanScript()]]);
}

function valuesOf({ repository, base, sums }: Release): ReadonlyMap<string, string> {
  const values = new Map([
    ["VERSION", deno.version],
    ["REPOSITORY", repository],
    ["BASE", base],
    ["SHA256SUMS", sums.trimEnd()],
  ]);
  for (const architecture of ARCHITECTURES) {
    const { tarball } = fileNames(architecture);
    const sum = sums.split("\n").find((line) => line.endsWith(`  ${tarball}`));
    if (sum === undefined) throw new Error(`SHA256SUMS has no line for ${tarball}`);
    values.set(`TARBALL_${architecture.machine}`, tarball);
    values.set(`SHA256_${architecture.machine}`, sum.split(" ")[0]!);
  }
  return values;
}

function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/@([A-Z][A-Za-z0-9_]*)@/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`unknown name @${name}@`);
    return value;
  });
}

/** pacman's script: a function for each script of the packages, with a .deb's arguments. */
function pacmanScript(): string {
  const cases = [...REGISTERED_BY_DEFAULT].map(([machine, enabled]) =>
    `${machine}) echo ${enabled.join(" ")} ;;`
  );
  const enabled = `$(case $(uname -m) in ${cases.join(" ")} esac)`;
  const functions = SCRIPTS.map((name) => {
    const [pacmans, told] = PACMAN[name];
    return `${pacmans}() (\nset -- ${told}\n${packageScript(name, enabled)})\n`;
  });
  return [...functions, 'post_upgrade() { post_install "$@"; }\n'].join("\n");
}

const PACMAN = {
  "after-install": ["post_install", "configure"],
  "before-remove": ["pre_remove", "remove"],
  "after-remove": ["post_remove", "remove"],
} as const;
