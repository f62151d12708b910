/**
 * A small Debian by mmdebstrap with systemd, dnf, and qemu-user, which the package recommends. It
 * is made once. Each script changes a copy of its own, in namespaces with a new binfmt_misc.
 */
import { LINES, REGISTRAR } from "../../lib/paths.ts";
import { ROOT } from "../../tasks/start.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { WITH_USERS } from "../../tasks/world.ts";
import type { Ability } from "../abilities.ts";
import { outputOf } from "../output_of.ts";

export const NEEDS: readonly Ability[] = ["binfmt_misc", "overlays", "mmdebstrap", "compiled"];

const BASE = `${ROOT}/.cache/debian-with-dnf`;

const PACKAGES = ["qemu-user", "systemd-sysv", "dbus", "udev", "kmod", "dnf"];

/** Makes the Debian, if it does not exist yet. Its directory must not be changed. */
export async function base(): Promise<string> {
  // Test files run at the same time.
  using lock = await Deno.open(`${BASE}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await Deno.stat(BASE).then(() => true, () => false)) return BASE;
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(await Deno.readTextFile("/etc/os-release"))?.[1];
  if (suite === undefined) throw new Error("Cannot tell which Debian this is");
  await Deno.remove(`${BASE}.new`, { recursive: true }).catch(() => {});
  const mmdebstrap = ["mmdebstrap", "--quiet", "--mode=root", "--variant=apt"];
  await outputOf([...mmdebstrap, `--include=${PACKAGES}`, suite, `${BASE}.new`]);
  await Deno.rename(`${BASE}.new`, BASE);
  return BASE;
}

/** $1: the base; $2: a directory for the changes. */
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

/** The text by which `links` prints a link to a machine's lines. */
export function link(machine: string, entry = machine): string {
  return `link zz-binfmt-dispatcher-${entry}.conf -> ${LINES}/${machine}.conf`;
}

/**
 * Runs a shell script and returns its output and errors. $root is the Debian, `inside COMMAND…`
 * runs a command in it, and `links` prints the links in its /etc/binfmt.d. The files are copied to
 * the script's working directory, which is the Debian's /mnt/packages.
 */
export async function inDebian(files: readonly string[], script: string): Promise<string> {
  const lower = await base();
  return await inTemporaryDirectory(async (directory) => {
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
  });
}
