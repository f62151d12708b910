/** Installs the packages that a task needs, or says what to install. */
import { exists } from "./exists.ts";
import { type Package, PACKAGES } from "./packages.ts";
import { say } from "./say.ts";
import { capture } from "./start.ts";

/** Debian's package lists; a fresh container image has none. */
function hasLists(): boolean {
  try {
    return [...Deno.readDirSync("/var/lib/apt/lists")].some(({ name }) => /_Packages/.test(name));
  } catch {
    return false;
  }
}

/**
 * Does the installation of a Debian package register interpreters for the whole system? The
 * postinst of these packages calls update-binfmts if that is installed, and systemd's dpkg trigger
 * restarts systemd-binfmt for the files of qemu-user-static.
 */
function registers(name: string): boolean {
  if (exists("/usr/sbin/update-binfmts")) return /^(qemu-user|default-jre|mono-)/.test(name);
  return /^qemu-user/.test(name) && exists("/run/systemd/system");
}

async function apt(...args: string[]): Promise<boolean> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" } };
  const { success, text } = await capture(["apt-get", "-q", "-y", ...args], options);
  if (!success) say(`apt-get ${args.join(" ")} failed:\n${text}`);
  return success;
}

function isMissing({ file }: Package): boolean {
  return ![file].flat().some(exists);
}

/** Returns whether everything that the task needs is installed now. */
export async function install(task: keyof typeof PACKAGES): Promise<boolean> {
  const debian = exists("/usr/bin/apt-get");
  const root = Deno.uid() === 0;
  if (debian && root && !hasLists()) await apt("update");

  const missing: readonly Package[] = PACKAGES[task].filter(isMissing);
  if (missing.length === 0) return true;
  const canInstall = debian && root;
  const held = (name: string) => !canInstall || registers(name);
  const names = missing.map(({ name }) => name).filter((name) => !held(name));
  if (names.length > 0) {
    say(`Installing ${names.join(", ")}`);
    const wanted = ["install", "--no-install-recommends", ...names];
    if (!await apt(...wanted) && await apt("update")) await apt(...wanted);
  }
  const still = missing.filter(isMissing);
  for (const { name, why } of still) {
    const system = held(name) && canInstall
      ? "; installing it registers it for the whole system"
      : "";
    say(`Missing: Debian's package ${name} (${why})${system}`);
  }
  if (still.length > 0) {
    say(`  Install: apt-get install ${still.map(({ name }) => name).join(" ")}`);
    if (!debian) say("  or your distribution's packages of the same programs.");
  }
  return still.length === 0;
}
