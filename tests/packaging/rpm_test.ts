/** The .rpm with the real rpm and dnf, in the small Debian. */
import { assertEquals } from "@std/assert";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { type Ability, test } from "../abilities.ts";
import { busybox, FOREIGN } from "../real/foreign.ts";
import { inDebian, link, NEEDS } from "./debian_root.ts";
import { LIBRARIES_RPM } from "./libraries_rpm.ts";
import { foreignPackage, madePackages } from "./made_packages.ts";
import deno from "../../deno.json" with { type: "json" };

const NEEDS_RPM: readonly Ability[] = [...NEEDS, "nfpm", "dnf", "x86_64"];

const RPM = `
rpm() { command rpm "$@" 2>$root/../log || { cat $root/../log; exit 1; }; }
in="--root $root --dbpath /var/lib/rpm" force="$in --nodeps --ignorearch"
`;

/** The incumbent: the files of Fedora's 0.1.2 and 0.1.3, which own the administrator's layer. */
const INCUMBENT = `
cat >incumbent.spec <<'END'
Name: binfmt-dispatcher
Version: 0.1.3
Release: 1
Summary: A dispatcher for binfmt_misc
License: MIT
AutoReqProv: no
%description
A dispatcher for binfmt_misc.
%install
cd %{buildroot}
mkdir -p usr/bin usr/lib/binfmt.d usr/lib/binfmt-dispatcher.d usr/share/polkit-1/actions etc
printf '#!/bin/sh\\n' >usr/bin/binfmt-dispatcher
for each in x86 x86_64; do
  echo ":binfmt-dispatcher-$each:E::$each::/usr/bin/binfmt-dispatcher:POCF" \\
    >usr/lib/binfmt.d/zz-binfmt-dispatcher-$each.conf
done
echo '[defaults]' >usr/lib/binfmt-dispatcher.d/00-default.toml
echo '<policyconfig/>' >usr/share/polkit-1/actions/org.AsahiLinux.binfmt_dispatcher.policy
echo '<policyconfig/>' >usr/share/polkit-1/actions/org.AsahiLinux.BinfmtDispatcher.policy
touch etc/binfmt-dispatcher.toml
%files
%attr(755, root, root) /usr/bin/binfmt-dispatcher
/usr/lib/binfmt.d/*
%dir /usr/lib/binfmt-dispatcher.d
/usr/lib/binfmt-dispatcher.d/*
/usr/share/polkit-1/actions/*
%config(noreplace) %ghost /etc/binfmt-dispatcher.toml
END
rpmbuild -bb --quiet -D "_topdir $PWD/top" -D "_rpmdir $PWD/incumbent" -D "_dbpath $PWD/db" \\
  -D 'debug_package %{nil}' -D '__os_install_post %{nil}' incumbent.spec >/dev/null 2>&1
`;

async function withForeign(script: string): Promise<string[]> {
  return await inTemporaryDirectory(async (directory) => {
    const said = await inDebian([await foreignPackage("rpm", directory)], RPM + script);
    return said.trimEnd().split("\n");
  });
}

test({
  name: "the .rpm replaces the incumbent's and its polkit file, and keeps settings and masks",
  needs: NEEDS_RPM,
  async fn() {
    const said = await withForeign(`${INCUMBENT}
      rpm -i $force incumbent/*/*.rpm
      echo '[binaries]' >$root/etc/binfmt-dispatcher.toml
      mkdir -p $root/etc/binfmt.d
      ln -s /dev/null $root/etc/binfmt.d/zz-binfmt-dispatcher-x86.conf
      rpm -U $force made.rpm
      cat $root/etc/binfmt-dispatcher.toml
      ls $root/usr/share/polkit-1/actions | grep -i binfmt
      ls $root/usr/lib/binfmt.d | grep -c dispatcher || :
      links
    `);
    assertEquals(said, [
      "[binaries]",
      "org.binfmt-dispatcher.policy",
      "0",
      "link zz-binfmt-dispatcher-x86.conf -> /dev/null",
      link("x86_64"),
    ]);
  },
});

test({
  name: "erasing the .rpm removes what is enabled, and reinstalling brings it back",
  needs: NEEDS_RPM,
  async fn() {
    const said = await withForeign(`
      rpm -i $force made.rpm; links
      inside $registrar --root / disable $lines/i386.conf
      rpm -U --force $force made.rpm; echo upgraded; links
      echo '[binaries]' >$root/etc/binfmt-dispatcher.toml
      rpm -e $in binfmt-dispatcher 2>&1; echo erased; links
      cat $root/etc/binfmt-dispatcher.toml
      find $root/usr -name '*binfmt-dispatcher*'
      rpm -i $force made.rpm; echo installed; links
    `);
    assertEquals(said, [
      ...[link("i386", "x86"), link("x86_64")],
      ...["upgraded", link("x86_64")],
      ...["erased", "[binaries]"],
      ...["installed", link("x86_64")],
    ]);
  },
});

test({
  name: "foreign programs start during an upgrade of the .rpm, and no longer when it is erased",
  needs: NEEDS_RPM,
  async fn() {
    const said = await inDebian(
      [(await madePackages())(".rpm"), await busybox(FOREIGN)],
      `${RPM}
      mkdir $root/run/openrc
      rpm -i $force *.rpm
      inside $registrar enable $lines/${FOREIGN}.conf
      inside sh -c 'while [ ! -e /run/end ]; do
        /mnt/packages/busybox true && echo >>/run/fine || echo "failed: $?"
      done' &
      for each in 1 2 3 4 5; do rpm -U --force $force *.rpm; done
      : >$root/run/end; wait
      [ "$(wc -l <$root/run/fine)" -gt 3 ] && echo some started
      rpm -e $in binfmt-dispatcher; ls $root/proc/sys/fs/binfmt_misc
      ls $root/var/lib/binfmt-dispatcher
      `,
    );
    const kept = `zz-binfmt-dispatcher-${FOREIGN}.conf`;
    assertEquals(said, `some started\nregister\nstatus\n${kept}\n`);
  },
});

test({
  name: "dnf installs the .rpm and its requirements in an image, and the program starts there",
  needs: NEEDS_RPM,
  async fn() {
    const rpm = (await madePackages())(".rpm");
    const said = await inDebian(
      [rpm],
      `${RPM}
      ${LIBRARIES_RPM}
      createrepo_c -q .
      mkdir -p $root/var/lib/dnf $root/etc/yum.repos.d
      dnf --quiet --assumeyes --installroot=$root --releasever=1 --setopt=reposdir=/dev/null \\
        --setopt=logdir=/var/log --setopt=cachedir=$root/var/cache/dnf \\
        --repofrompath=test,file://$PWD --setopt=test.gpgcheck=0 \\
        install binfmt-dispatcher >$root/../log 2>&1 || { cat $root/../log; exit 1; }
      inside binfmt-dispatcher --version
      links; ls $root/proc/sys/fs/binfmt_misc
      `,
    );
    assertEquals(said, `binfmt-dispatcher ${deno.version}\nregister\nstatus\n`);
  },
});

test({
  name: "rpmlint finds nothing in the .rpm but what packaging/rpmlint.toml explains",
  needs: ["nfpm", "rpmlint", "compiled", "x86_64"],
  async fn() {
    const rpm = (await madePackages())(".rpm");
    const config = new URL("../../packaging/rpmlint.toml", import.meta.url).pathname;
    const { stdout } = await new Deno.Command("rpmlint", { args: ["-c", config, rpm] }).output();
    const lines = new TextDecoder().decode(stdout).split("\n");
    assertEquals(lines.filter((line) => /: [EWI]: /.test(line)), []);
    assertEquals(lines.some((line) => line.includes("1 packages")), true);
  },
});
