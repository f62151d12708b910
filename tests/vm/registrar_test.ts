/** packaging/registrar on a kernel that can register a disabled entry: Linux 7.3. */
import { assertEquals } from "@std/assert";
import { machineEntries } from "../../lib/binfmt/entries.ts";
import { binfmtLine } from "../../lib/binfmt/line.ts";
import { HANDLER, LINES, REGISTRAR, RESOLVER, SYSTEM_TABLES } from "../../lib/paths.ts";
import { buildHandler } from "../../tasks/handler_code.ts";
import { ROOT } from "../../tasks/start.ts";
import { test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { machine } from "../elf/build_elf.ts";
import { Image } from "./image.ts";
import { Machine } from "./machine.ts";

/** The Debian release with this kernel. */
const SUITE = "experimental";
const KERNEL = "linux-image-cloud-arm64";

const ENTRIES = "/proc/sys/fs/binfmt_misc";
const FILE = `${LINES}/x86_64.conf`;

function lineFor(name: string, entry: string): string {
  const [first] = machineEntries(machine(name));
  const line = binfmtLine({ ...first!, name: entry }, HANDLER, "POF");
  if (!line.ok) throw new Error(line.failure.why);
  return `${line.value}\n`;
}

/** A machine with that kernel, busybox, the handler and the registrar. */
async function boot(directory: string): Promise<Machine> {
  const image = new Image();
  for (const path of ["/dev", "/etc", "/proc", "/sys", "/run", "/tmp", "/home"]) {
    image.directory(path);
  }
  for (const name of ["bin", "sbin"]) image.link(`/${name}`, "usr/bin");
  const parts = "?or(?name(^linux-binary-), ?name(^linux-modules-))";
  const term = `?and(${parts}, ?reverse-depends(?reverse-depends(?exact-name(${KERNEL}))))`;
  const linux = await fetchPackage(KERNEL, "arm64", { suite: SUITE, term });
  const [release] = [...Deno.readDirSync(`${linux}/usr/lib/modules`)];
  const modules = `${linux}/usr/lib/modules/${release!.name}`;
  const module = "binfmt_misc.ko.xz";
  image.copy(`${modules}/kernel/fs/${module}`, `/usr/lib/modules/${module}`);
  const busybox = await fetchPackage("busybox-static", "arm64", { suite: "trixie" });
  image.copy(`${busybox}/usr/bin/busybox`, "/usr/bin/busybox");
  image.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n");
  image.file("/init", Deno.readFileSync(new URL("init", import.meta.url)), 0o755);
  const options = { resolver: RESOLVER, tables: SYSTEM_TABLES, symbols: false };
  image.file(HANDLER, buildHandler({ host: "aarch64", ...options }), 0o755);
  image.copy(`${ROOT}/packaging/registrar`, REGISTRAR);
  image.file("/usr/lib/binfmt.d/none.conf", "");
  image.file(FILE, lineFor("x86_64", "binfmt-dispatcher-x86_64"));
  image.file("/own.conf", lineFor("aarch64", "binfmt-dispatcher-own"));
  image.write(`${directory}/initramfs`);
  return await Machine.boot(`${modules}/vmlinuz`, `${directory}/initramfs`);
}

const STEPS = `exec 2>&1; cd ${ENTRIES}; R=${REGISTRAR}
printf %s :off:E::off::/bin/true:FD >register; head -n 1 off; echo -1 >off
$R enable ${FILE}; head -n 1 binfmt-dispatcher-x86_64
# This one can register an entry only with the letter D.
sed 's/:$flags" /:Z" /' $R >/tmp/registrar; chmod 755 /tmp/registrar
/tmp/registrar enable ${FILE}; head -n 1 binfmt-dispatcher-x86_64
for each in $R /tmp/registrar; do $each enable - </own.conf; done
ls; $R disable ${FILE}; ls; ls /etc/binfmt.d`;

test({
  name: "on Linux 7.3 an entry is registered disabled until it is checked",
  needs: ["qemu-system-aarch64", "apt"],
  fn: async () => {
    const directory = Deno.makeTempDirSync();
    try {
      await using newer = await boot(directory);
      const refused = "binfmt-dispatcher: Cannot register “binfmt-dispatcher-own”: " +
        "the host’s own programs no longer started with it\n" +
        "  To check the installation: binfmt-dispatcher doctor\n";
      assertEquals(
        (await newer.sh(STEPS)).stdout,
        `disabled\nenabled\nenabled\n${refused.repeat(2)}` +
          "binfmt-dispatcher-x86_64\nregister\nstatus\nregister\nstatus\n",
      );
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
});
