/**
 * A small Debian that packages are installed in: as mmdebstrap makes it, with systemd, dnf, and
 * qemu-user, which our package recommends. It is made once; each script has it to itself, in
 * namespaces with a binfmt_misc of their own, and what is written is gone afterwards.
 */
import { LINES, REGISTRAR } from "../../lib/paths.ts";
import { ROOT } from "../../tasks/start.ts";
import { WITH_USERS } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";

export const NEEDS: readonly Ability[] = ["binfmt_misc", "overlays", "mmdebstrap", "compiled"];

const BASE = `${ROOT}/.cache/debian-with-dnf`;

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}

const PACKAGES = ["qemu-user", "systemd-sysv", "dbus", "udev", "kmod", "dnf"];

/** Its directory, to be read alone. */
export async function base(): Promise<string> {
  // Test files run side by side.
  using lock = await Deno.open(`${BASE}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await Deno.stat(BASE).then(() => true, () => false)) return BASE;
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(await Deno.readTextFile("/etc/os-release"))?.[1];
  if (suite === undefined) throw new Error("Cannot tell which Debian this is");
  await Deno.remove(`${BASE}.new`, { recursive: true }).catch(() => {});
  const options = ["--quiet", "--mode=root", "--variant=apt"];
  await run("mmdebstrap", ...options, `--include=${PACKAGES}`, suite, `${BASE}.new`);
  await Deno.rename(`${BASE}.new`, BASE);
  return BASE;
}

/** $1: the base; $2: a directory for what is written; $3: the script. */
const ENTER = `
set -eu
cd "$2"
mkdir upper work root
mount -t overlay overlay -o "userxattr,lowerdir=$1,upperdir=upper,workdir=work" root
root=$2/root
mount --rbind /proc "$root/proc"
mount -t binfmt_misc binfmt_misc "$root/proc/sys/fs/binfmt_misc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mkdir "$root/mnt/packages"
mount --bind "$2/packages" "$root/mnt/packages"
inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \\
    chroot "$root" "$@"
}
links() {
  for each in "$root"/etc/binfmt.d/*; do
    if [ -L "$each" ]; then echo "link \${each##*/} -> $(readlink "$each")"; fi
  done
}
registrar=${REGISTRAR} lines=${LINES}
`;

/** As `links` prints one to a machine's lines. */
export function link(machine: string, entry = machine): string {
  return `link zz-binfmt-dispatcher-${entry}.conf -> ${LINES}/${machine}.conf`;
}

/**
 * What a shell script prints, both streams. Its $root is the Debian, where `inside COMMAND…` runs a
 * command and `links` prints those of /etc/binfmt.d; the given files stand in its directory, and in
 * the Debian's /mnt/packages.
 */
export async function inDebian(files: readonly string[], script: string): Promise<string> {
  const lower = await base();
  const directory = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${directory}/packages`);
    for (const file of files) {
      await Deno.copyFile(file, `${directory}/packages/${file.split("/").at(-1)}`);
    }
    const { code, stdout } = await new Deno.Command("sh", {
      args: [
        ...["-c", WITH_USERS, "sh", directory, "sh", "-c"],
        ...[`exec 2>&1\n${ENTER}\ncd packages\n${script}`, "sh", lower, directory],
      ],
      env: { HOME: directory },
      stdin: "null",
      stdout: "piped",
    }).output();
    const text = new TextDecoder().decode(stdout);
    if (code !== 0) throw new Error(`The script ended with ${code}:\n${text}`);
    return text;
  } finally {
    // What belongs to other users of the namespace, root of the machine may remove.
    await Deno.remove(directory, { recursive: true });
  }
}
