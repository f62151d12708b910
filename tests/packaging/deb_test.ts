/** The .deb in a Debian, with its apt and dpkg. */
import { assertEquals, assertMatch } from "@std/assert";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { type Ability, test } from "../abilities.ts";
import { outputOf } from "../output_of.ts";
import { busybox, FOREIGN } from "../real/foreign.ts";
import { inDebian, link, NEEDS } from "./debian_root.ts";
import { foreignPackage, madePackages } from "./made_packages.ts";

const NEEDS_DEB: readonly Ability[] = [...NEEDS, "nfpm", "apt", "x86_64"];

/** Makes the Debian a running system without systemd. */
const RUNNING = "mkdir $root/run/openrc\n";

const INSTALL = `
install() {
  inside apt-get -qq -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 \\
    --no-install-recommends install $deb >$log 2>&1 || { cat $log; exit 1; }
}
log=$root/../log deb=/mnt/packages/$(echo *.deb)
registered() { for each in "$root"/proc/sys/fs/binfmt_misc/*-*; do
  [ ! -e "$each" ] || echo "registered \${each##*/}"; done; }
`;

/** Lists all files except the package managers' own. */
const FILES = `
files() {
  (cd "$root" && find . \\( -path ./proc -o -path ./dev -o -path ./mnt -o -path ./var/lib/dpkg \\
    -o -path ./var/log -o -path ./var/cache -o -path ./var/lib/apt \\) -prune -o -print) | sort
}
`;

test({
  name: "after apt install and enable a foreign program runs, and apt purge leaves nothing",
  needs: NEEDS_DEB,
  async fn() {
    const deb = (await madePackages())(".deb");
    const said = await inDebian(
      [deb, await busybox(FOREIGN)],
      `${RUNNING}${INSTALL}${FILES}
      files >../before
      install
      registered
      inside binfmt-dispatcher enable ${FOREIGN} >/dev/null
      links
      registered
      inside /mnt/packages/busybox echo runs
      echo '[defaults]' >$root/etc/binfmt-dispatcher.toml
      inside apt-get -qq purge binfmt-dispatcher >/dev/null
      registered
      files >../after
      diff ../before ../after && echo as before
      `,
    );
    const expected = [
      link(FOREIGN),
      `registered binfmt-dispatcher-${FOREIGN}`,
      "runs",
      "as before",
    ];
    assertEquals(said.trimEnd().split("\n"), expected);
  },
});

test({
  name: "removing the package removes what is enabled, and reinstalling brings it back",
  needs: NEEDS_DEB,
  async fn() {
    const deb = (await madePackages())(".deb");
    const said = await inDebian(
      [deb],
      `${RUNNING}${INSTALL}
      install
      inside $registrar enable $lines/riscv64.conf $lines/arm.conf
      inside $registrar disable $lines/arm.conf
      ln -s /dev/null $root/etc/binfmt.d/zz-binfmt-dispatcher-s390x.conf
      echo :other:E::other::/bin/true: >$root/etc/binfmt.d/zz-binfmt-dispatcher-other.conf
      echo :other-entry:E::other::/bin/true: >$root/proc/sys/fs/binfmt_misc/register
      echo '[defaults]' >$root/etc/binfmt-dispatcher.toml
      inside dpkg --remove binfmt-dispatcher >/dev/null
      echo removed; links; registered; ls $root/etc/binfmt.d
      cat $root/etc/binfmt-dispatcher.toml
      install; echo installed; links; registered
      inside dpkg --install $deb >/dev/null; echo upgraded; links; registered
      `,
    );
    const mask = "link zz-binfmt-dispatcher-s390x.conf -> /dev/null";
    const entries = ["registered binfmt-dispatcher-riscv64", "registered other-entry"];
    const [removed, rest = ""] = said.split("installed\n");
    assertEquals(removed?.split("\n"), [
      ...[
        "binfmt-dispatcher: Cannot use “/etc/binfmt.d/zz-binfmt-dispatcher-other.conf”: it has " +
        "no line for binfmt-dispatcher’s handler",
      ],
      ...["removed", mask, "registered other-entry"],
      ...["zz-binfmt-dispatcher-other.conf", "zz-binfmt-dispatcher-s390x.conf", "[defaults]", ""],
    ]);
    const again = [link("riscv64"), mask, ...entries];
    assertEquals(rest.trimEnd().split("\n"), [...again, "upgraded", ...again]);
  },
});

test({
  name: "foreign programs start at any moment of an upgrade",
  needs: NEEDS_DEB,
  async fn() {
    const deb = (await madePackages())(".deb");
    const said = await inDebian(
      [deb, await busybox(FOREIGN)],
      `${RUNNING}${INSTALL}
      install
      inside $registrar enable $lines/${FOREIGN}.conf
      inside sh -c 'while [ ! -e /run/end ]; do
        /mnt/packages/busybox true && echo >>/run/fine || echo "failed: $?"
      done' &
      inside dpkg --install $deb >/dev/null
      : >$root/run/end; wait
      [ "$(wc -l <$root/run/fine)" -gt 3 ] && echo some started
      `,
    );
    assertEquals(said, "some started\n");
  },
});

test({
  name: "in a chroot the package for aarch64 links x86's lines and registers nothing",
  needs: NEEDS_DEB,
  async fn() {
    await inTemporaryDirectory(async (directory) => {
      const deb = await foreignPackage("deb", directory);
      const said = await inDebian(
        [deb],
        `${INSTALL}
        force="--force-architecture --force-depends"
        install() { inside dpkg $force --install $deb >/dev/null 2>&1; }
        install; links; registered
        inside $registrar --root / disable $lines/i386.conf
        install; echo upgraded; links
        inside dpkg --remove binfmt-dispatcher:arm64 >/dev/null; echo removed; links
        install; echo installed; links
        inside dpkg --purge binfmt-dispatcher:arm64 >/dev/null 2>&1; echo purged; links
        mkdir -p $root/etc/binfmt.d
        ln -s /dev/null $root/etc/binfmt.d/zz-binfmt-dispatcher-x86.conf
        umount -l $root/proc; install; echo without /proc; links
        inside dpkg --purge binfmt-dispatcher:arm64 >/dev/null 2>&1
        rm $root/etc/binfmt.d/*
        chrootless() {
          dpkg --root=$root --force-script-chrootless $force --force-not-root --log=/dev/null \\
            "$@" >$log 2>&1 || cat $log
        }
        chrootless --install *.deb; echo chrootless; links
        chrootless --remove binfmt-dispatcher:arm64; echo removed; links
        chrootless --install *.deb; echo installed; links
        chrootless --purge binfmt-dispatcher:arm64; echo purged; links
        find $root/etc $root/usr $root/var/lib -name '*binfmt-dispatcher*' ! -path '*/dpkg/*'
        `,
      );
      const both = [link("i386", "x86"), link("x86_64")];
      assertEquals(said.trimEnd().split("\n"), [
        ...both,
        ...["upgraded", link("x86_64")],
        "removed",
        ...["installed", link("x86_64")],
        "purged",
        ...["without /proc", "link zz-binfmt-dispatcher-x86.conf -> /dev/null", link("x86_64")],
        ...["chrootless", ...both, "removed", "installed", ...both, "purged"],
      ]);
    });
  },
});

test({
  name: "lintian finds nothing in the .deb",
  needs: ["nfpm", "lintian", "compiled", "x86_64"],
  async fn() {
    const deb = (await madePackages())(".deb");
    // lintian sometimes leaves a database in TMPDIR.
    await inTemporaryDirectory(async (TMPDIR) => {
      assertEquals(await outputOf(["lintian", deb], { env: { TMPDIR } }), "");
    });
    assertMatch(deb, /_amd64\.deb$/);
  },
});
