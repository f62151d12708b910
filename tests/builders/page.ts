/**
 * The commands of docs/builders.md, as they stand there, with the real tools. DIR is a directory of
 * the test's; root file systems are made once, into .cache/.
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

/** The blocks below a heading, with DIR as it is here. */
export function shell(heading: string, dir = "DIR"): string[] {
  return commands(heading).map((block) => block.replaceAll("DIR", dir));
}

/** What is written there stays in the world. */
const WRITABLE = "mount -t tmpfs none /usr/local; mount -t tmpfs none /etc/binfmt.d\n";
export const REGISTERED = [WRITABLE, ...shell("One handler for all containers")].join("");

/**
 * What a script says, by lines, in a world where nothing is registered yet; it must end well. It
 * begins in a directory with these files.
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

/** A root file system that the page's n-th command has made. */
export function rootBy(n: number): Promise<string> {
  return madeOnce(`foreign-root-${n}`, async (path) => {
    // In a user namespace.
    const env = { container: "lxc" };
    await lines([REGISTERED, shell("Root file systems", path)[n]!], {}, env);
  });
}

/** What the page's last command there says. */
export const RUNS = ["arm64", "aarch64"];
