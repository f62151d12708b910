/**
 * A first installation beside other packages' entries. The test's package enables aarch64 and arm,
 * in place of x86_64 and i386, which are this kernel's own machines.
 */
import { assertEquals } from "@std/assert";
import { HANDLER } from "../../lib/paths.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { type Ability, test } from "../abilities.ts";
import { fetchPackage } from "../debian_packages.ts";
import { busybox } from "../real/foreign.ts";
import { inDebian, link, NEEDS } from "./debian_root.ts";
import { enablingPackage } from "./made_packages.ts";

const NEEDS_ALL: readonly Ability[] = [...NEEDS, "nfpm", "apt", "x86_64"];

const ENABLED = ["aarch64", "arm"];

/** The magic of aarch64, and the masks of FEX's and box64's lines for x86_64. */
const MAGIC = String.raw`\x7fELF\x02\x01\x01` + "\\x00".repeat(9) + String.raw`\x02\x00\xb7\x00`;
const mask = (version: string) =>
  "\\xff".repeat(5) + version + "\\x00".repeat(3) + "\\xff".repeat(5) + "\\xfe" + "\\xff".repeat(3);
const FEX_MASK = mask(String.raw`\xfe\xfe\x00`);
const BOX64_MASK = mask(String.raw`\xff\xff\x00`);

/** Their interpreters fail, so a program runs only through the handler. */
const COMPETITORS = [
  `:FEX-x86_64:M:0:${MAGIC}:${FEX_MASK}:/usr/bin/FEX:POCF`,
  `:box64:M::${MAGIC}:${BOX64_MASK}:/usr/bin/box64:`,
  `:binfmt-dispatcher-aarch64:M::${MAGIC}:${FEX_MASK}:/usr/bin/binfmt-dispatcher:POCF`,
];

const PREPARE = `
mkdir $root/run/openrc
kernel=$root/proc/sys/fs/binfmt_misc
for each in FEX box64 binfmt-dispatcher; do cp $root/bin/false $root/usr/bin/$each; done
register() { inside sh -c 'printf %s "$1" >/proc/sys/fs/binfmt_misc/register' sh "$1"; }
starts() { inside /mnt/packages/busybox echo starts || echo "does not start"; }
entries() {
  (cd $kernel && LC_ALL=C ls) | grep -vx -e register -e status | while read -r each; do
    echo "$each $(sed -n '2s/^interpreter //p' $kernel/$each)"
  done
}
`;

const FEX_ENTRY = "FEX-x86_64 /usr/bin/FEX";
const BOX64_ENTRY = "box64 /usr/bin/box64";
const OWN_ENTRY = `binfmt-dispatcher-aarch64 ${HANDLER}`;

async function withPackage(format: "deb" | "rpm", files: string[], script: string) {
  return await inTemporaryDirectory(async (directory) => {
    const made = await enablingPackage(format, { directory, enabled: ENABLED });
    const said = await inDebian([made, await busybox("aarch64"), ...files], PREPARE + script);
    return said.trimEnd().split("\n");
  });
}

test({
  name: "a first installation outranks the incumbent, FEX and box64, but not QEMU's F entries",
  needs: NEEDS_ALL,
  async fn() {
    const qemu = await fetchPackage("qemu-user-static", "amd64");
    const line = await Deno.readTextFile(`${qemu}/usr/lib/binfmt.d/qemu-arm.conf`);
    const [, , , , , , interpreter, flags] = line.trimEnd().split(":");
    assertEquals(flags?.includes("F"), true);
    const said = await withPackage(
      "deb",
      [`${qemu}/usr/bin/qemu-arm-static`],
      `mkdir -p $root${interpreter!.replace(/\/[^/]*$/, "")}
      cp qemu-arm-static $root${interpreter}
      ${COMPETITORS.map((each) => `register '${each}'`).join("\n")}
      register '${line.trimEnd()}'
      starts
      inside sh -c 'dpkg --force-depends --install /mnt/packages/*.deb 2>&1' | grep -i qemu
      starts; links; entries
      inside sh -c 'dpkg --install /mnt/packages/*.deb >/dev/null 2>&1'
      echo upgraded; links; entries | grep arm
      inside binfmt-dispatcher enable arm
      inside dpkg --purge binfmt-dispatcher >/dev/null 2>&1; echo purged; links; entries; starts`,
    );
    const qemuEntry = `qemu-arm ${interpreter}`;
    assertEquals(said, [
      "does not start",
      "QEMU still runs arm programs, also in containers. To outrank its entry: " +
      "binfmt-dispatcher enable arm",
      ...["starts", link("aarch64"), FEX_ENTRY, OWN_ENTRY, BOX64_ENTRY, qemuEntry],
      ...["upgraded", link("aarch64"), qemuEntry],
      "arm programs go to binfmt-dispatcher now.",
      `  qemu-arm (${interpreter}, POF) took them before, and will again after “disable”.`,
      ...["purged", FEX_ENTRY, BOX64_ENTRY, qemuEntry, "does not start"],
    ]);
  },
});

test({
  name: "an upgrade from the incumbent's .rpm gives its entry to the handler and keeps a mask",
  needs: [...NEEDS_ALL, "dnf"],
  async fn() {
    const said = await withPackage(
      "rpm",
      [],
      `register '${COMPETITORS[2]}'; starts
      mkdir -p $root/etc/binfmt.d
      ln -s /dev/null $root/etc/binfmt.d/zz-binfmt-dispatcher-arm.conf
      HOME=$PWD rpm --root $root --dbpath /var/lib/rpm --nodeps -U *.rpm 2>../log ||
        { cat ../log; exit 1; }
      starts; links; entries`,
    );
    assertEquals(said, [
      "does not start",
      "starts",
      link("aarch64"),
      "link zz-binfmt-dispatcher-arm.conf -> /dev/null",
      OWN_ENTRY,
    ]);
  },
});
