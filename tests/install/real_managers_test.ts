/** From a program that cannot start to one that runs, with the real apt-get and dnf. */
import { VENDOR_LAYERS } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { type Ability, test } from "../abilities.ts";
import { BUSYBOX, busybox, FOREIGN, NEEDS_KERNEL, register } from "../real/foreign.ts";
import { assertIncludes } from "./install_world.ts";
import { WRITABLE } from "./writable.ts";

const EMULATOR = `/usr/bin/emulator-${FOREIGN}`;

const LAYER = `[defaults]
interpreter = "emu"
[interpreters.emu]
name = "Emu"
path = "${EMULATOR}"
machines = ["${FOREIGN}"]
[interpreters.emu.packages]
apt = ["emu-${FOREIGN}", "emu-sound?"]
dnf = ["emu-${FOREIGN}", "emu-sound?"]
`;

/** A manager, and how to make its repository of one package with the real qemu-user, in sh. */
interface Subject {
  readonly manager: "apt" | "dnf";
  readonly needs: readonly Ability[];
  /** os-release's ID. */
  readonly distribution: string;
  readonly repository: string;
  /** Succeeds if the package is installed. */
  readonly installed: string;
  /** Each way to damage the repository, and the message about it. */
  readonly damages: readonly (readonly [damage: string, said: string])[];
}

const APT = `
mkdir -p /run/emu/DEBIAN /run/emu/usr/bin /run/repository
cp /usr/bin/qemu-${FOREIGN}-static /run/emu${EMULATOR}
cat > /run/emu/DEBIAN/control <<END
Package: emu-${FOREIGN}
Version: 1.0
Architecture: all
Maintainer: Nobody <nobody@example.org>
Description: an emulator
END
cd /run/repository
dpkg-deb --build --root-owner-group -Znone /run/emu emu.deb >/dev/null
{
  dpkg-deb -f emu.deb
  echo "Filename: ./emu.deb"
  echo "Size: $(stat -c %s emu.deb)"
  echo "SHA256: $(sha256sum emu.deb | cut -d' ' -f1)"
} > Packages
# Directories of users that this namespace lacks.
for each in /etc/apt /var/lib/apt/lists /var/cache/apt; do mount -t tmpfs none $each; done
mkdir -p /var/lib/apt/lists/partial /var/cache/apt/archives/partial
mkdir -p /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/trusted.gpg.d
# The namespace lacks the user as which apt downloads.
echo 'APT::Sandbox::User "root";' > /etc/apt/apt.conf
echo 'deb [trusted=yes] copy:/run/repository ./' > /etc/apt/sources.list
apt-get -q update >/dev/null
`;

const DNF = `
mkdir -p /run/build /run/repository /etc/yum.repos.d
cat > /run/build/emu.spec <<END
Name: emu-${FOREIGN}
Version: 1.0
Release: 1
Summary: An emulator
License: MIT
BuildArch: noarch
AutoReqProv: no
%description
An emulator.
%install
mkdir -p %{buildroot}/usr/bin
cp /usr/bin/qemu-${FOREIGN}-static %{buildroot}${EMULATOR}
%files
${EMULATOR}
END
cd /run/build
rpmbuild -bb --quiet -D '_topdir /run/build/top' -D '_rpmdir /run/repository' \\
  -D '_dbpath /run/build/db' -D '_binary_payload w0.gzdio' -D 'debug_package %{nil}' \\
  -D '__os_install_post %{nil}' -D '_binaries_in_noarch_packages_terminate_build 0' emu.spec
createrepo_c -q /run/repository
rm -f /etc/yum.repos.d/*
printf '[test]\\nname=test\\ngpgcheck=0\\nbaseurl=file:///run/repository\\n' \\
  > /etc/yum.repos.d/test.repo
`;

const SUBJECTS: readonly Subject[] = [
  {
    manager: "apt",
    needs: [...NEEDS_KERNEL, "root", "apt"],
    distribution: "debian",
    repository: APT,
    installed: `dpkg -s emu-${FOREIGN} | grep ^Status:.*installed`,
    damages: [
      ["rm /run/repository/emu.deb", "apt-get update"],
      ["echo >> /run/repository/emu.deb", "apt-get update"],
    ],
  },
  {
    manager: "dnf",
    needs: [...NEEDS_KERNEL, "root", "dnf"],
    distribution: "fedora",
    repository: DNF,
    installed: `rpm -q emu-${FOREIGN}`,
    damages: [
      [`dnf -q makecache; rm -r /run/repository/noarch`, "dnf makecache"],
      ["sed -i s/gpgcheck=0/gpgcheck=1/ /etc/yum.repos.d/test.repo", "the right ones"],
    ],
  },
];

/** What a terminal shows in which a person says yes. */
async function shown(subject: Subject, words: string): Promise<string> {
  using world = new World();
  world.install();
  world.file(`${VENDOR_LAYERS}/00-default.toml`, LAYER);
  world.file("/etc/os-release", `ID=${subject.distribution}\n`);
  register(world, FOREIGN);
  world.bind(await busybox(FOREIGN), BUSYBOX);
  world.file("/run/words", `${WRITABLE}${subject.repository}cd /\nset +e\n${words}\n`);
  const { stdout, stderr } = await world.run(["script", "-qec", "sh /run/words", "/dev/null"], {
    answers: [["Install? [y/N] ", "y\n"]],
  });
  return (stdout + stderr).replaceAll("\r\n", "\n");
}

const START = `${BUSYBOX} echo it runs; echo status $?`;

for (const subject of SUBJECTS) {
  const { manager, needs, installed, damages } = subject;

  test({
    name: `${manager}: a foreign program without its emulator runs after a y`,
    needs,
    fn: async () => {
      const text = await shown(subject, `${START}; ${installed} && echo is installed`);
      assertIncludes(text, `Emu is needed: emu-${FOREIGN} (`, `MB, with ${manager}).`);
      assertIncludes(text, "Emu is installed.\nit runs\nstatus 0", "is installed");
    },
  });

  test({
    name: `${manager}: a failure is reported with what to do next`,
    needs,
    fn: async () => {
      for (const [damage, said] of damages) {
        const text = await shown(subject, `${damage}\n${START}`);
        assertIncludes(text, "Emu could not be installed:", "status 127", said);
      }
    },
  });
}
