/**
 * Runs the commands of docs/builders.md with the real tools. DIR is replaced by the test's own
 * directory. Root file systems are made once, in .cache/.
 */
import { exists } from "../../tasks/exists.ts";
import { ROOT } from "../../tasks/start.ts";
import { World } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { commandsOf } from "../page_commands.ts";

const commands = commandsOf("builders.md");

/** What each test of the page needs. */
export const NEEDS: readonly Ability[] = [
  ...["binfmt_misc", "root", "compiled", "x86_64", "qemu-user-static"] as const,
];

/** The blocks below a heading, with DIR replaced. */
export function shell(heading: string, dir = "DIR"): string[] {
  return commands(heading).map((block) => block.replaceAll("DIR", dir));
}

/** Keeps what is written to these directories inside the world. */
const WRITABLE = "mount -t tmpfs none /usr/local; mount -t tmpfs none /etc/binfmt.d\n";
export const REGISTERED = [WRITABLE, ...shell("One handler for all containers")].join("");

/**
 * The lines that a script prints in a new world without entries, in a directory with these files.
 * The script must succeed.
 */
export async function lines(
  script: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  using world = new World();
  world.install();
  for (const [name, content] of Object.entries(files)) world.file(`/home/${name}`, content, 0o755);
  const proxies = Object.entries(Deno.env.toObject()).filter(([name]) => /_proxy$/i.test(name));
  const home = `${world.directory}/home`;
  const { status, stdout, stderr } = await world.run(
    ["bash", "-c", ["set -e\n", ...script].join("")],
    { users: true, cwd: home, env: { ...Object.fromEntries(proxies), HOME: home, ...more } },
  );
  if (status !== 0) throw new Error(`The script ended with ${status}:\n${stdout}${stderr}`);
  return stdout.trimEnd().split("\n");
}

/** A directory of .cache/ that is made once, complete or not at all. */
export async function madeOnce(
  name: string,
  make: (path: string) => Promise<void>,
): Promise<string> {
  const path = `${ROOT}/.cache/${name}`;
  if (exists(path)) return path;
  await Deno.remove(`${path}.new`, { recursive: true }).catch(() => {});
  await make(`${path}.new`);
  await Deno.rename(`${path}.new`, path);
  return path;
}

/** The root file system that the page's n-th command makes. */
export function rootBy(n: number): Promise<string> {
  return madeOnce(`foreign-root-${n}`, async (path) => {
    const env = { container: "lxc" }; // as the page says of debootstrap in a user namespace
    await lines([REGISTERED, shell("Root file systems", path)[n]!], {}, env);
  });
}

/** What the last command below “Root file systems” prints. */
export const RUNS = ["arm64", "aarch64"];
