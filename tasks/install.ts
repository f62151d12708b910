/**
 * Installs the packages that a task needs and that are missing, or says exactly what is to be
 * installed.
 */
import { type Package, PACKAGES } from "./packages.ts";
import { say } from "./say.ts";
import { capture } from "./start.ts";

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Debian's package lists; a fresh container image has none. */
function hasLists(): boolean {
  try {
    return [...Deno.readDirSync("/var/lib/apt/lists")].some(({ name }) => /_Packages/.test(name));
  } catch {
    return false;
  }
}

/**
 * Does installing Debian's qemu-user-static register interpreters for the whole system? Its
 * postinst calls update-binfmts where that is there, and systemd's dpkg trigger on
 * /usr/lib/binfmt.d restarts systemd-binfmt.
 */
function installingRegisters(): boolean {
  return exists("/usr/sbin/update-binfmts") || exists("/run/systemd/system");
}

async function apt(...args: string[]): Promise<boolean> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" } };
  const { success, text } = await capture(["apt-get", "-q", "-y", ...args], options);
  if (!success) say(`apt-get ${args.join(" ")} failed:\n${text}`);
  return success;
}

/** Is everything there that the task needs, afterwards? */
export async function install(task: keyof typeof PACKAGES): Promise<boolean> {
  const debian = exists("/usr/bin/apt-get");
  const root = Deno.uid() === 0;
  if (debian && root && !hasLists()) await apt("update");

  const missing: readonly Package[] = PACKAGES[task].filter(({ file }) => !exists(file));
  if (missing.length === 0) return true;
  const ours = debian && root;
  const held = (name: string) => !ours || (/^qemu-user/.test(name) && installingRegisters());
  const names = missing.map(({ name }) => name).filter((name) => !held(name));
  if (names.length > 0) {
    say(`Installing ${names.join(", ")}`);
    const wanted = ["install", "--no-install-recommends", ...names];
    if (!await apt(...wanted) && await apt("update")) await apt(...wanted);
  }
  const still = missing.filter(({ file }) => !exists(file));
  for (const { name, why } of still) {
    const registers = held(name) && ours ? "; installing it registers it for the whole system" : "";
    say(`Missing: Debian's package ${name} (${why})${registers}`);
  }
  if (still.length > 0) {
    say(`  Install: apt-get install ${still.map(({ name }) => name).join(" ")}`);
    if (!debian) say("  or what your distribution calls them.");
  }
  return still.length === 0;
}
