/** The real apt-get and dpkg, from a program that cannot start to one that runs. */
import { assert } from "@std/assert";
import { VENDOR_LAYERS } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { BUSYBOX, busybox, FOREIGN, NEEDS, register } from "../real/foreign.ts";
import { WRITABLE } from "./writable.ts";

const LAYER = `[defaults]
interpreter = "emu"
[interpreters.emu]
name = "Emu"
path = "/usr/bin/emulator-${FOREIGN}"
machines = ["${FOREIGN}"]
packages = { apt = ["emu-${FOREIGN}", "emu-sound?"] }
`;

/** A repository of one package, made by dpkg-deb, whose program is the real qemu-user. */
const REPOSITORY = `
mkdir -p /run/emu/DEBIAN /run/emu/usr/bin /run/repository
cp /usr/bin/qemu-${FOREIGN}-static /run/emu/usr/bin/emulator-${FOREIGN}
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
# What belongs to users that this namespace does not have.
for each in /etc/apt /var/lib/apt/lists /var/cache/apt; do mount -t tmpfs none $each; done
mkdir -p /var/lib/apt/lists/partial /var/cache/apt/archives/partial
mkdir -p /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/trusted.gpg.d
# In a namespace with one user there is nobody else to download as.
echo 'APT::Sandbox::User "root";' > /etc/apt/apt.conf
echo 'deb [trusted=yes] copy:/run/repository ./' > /etc/apt/sources.list
apt-get -q update >/dev/null
cd /
`;

async function worldWithoutEmulator(): Promise<World> {
  const world = new World();
  world.install();
  world.file(`${VENDOR_LAYERS}/00-default.toml`, LAYER);
  register(world, FOREIGN);
  world.bind(await busybox(FOREIGN), BUSYBOX);
  return world;
}

/** In a terminal at which somebody types these keys: all that it shows. */
async function shown(world: World, words: string, keys: string): Promise<string> {
  world.file("/run/words", `${WRITABLE}${REPOSITORY}set +e\n${words}\n`);
  const { stdout, stderr } = await world.run(["script", "-qec", "sh /run/words", "/dev/null"], {
    stdin: keys,
  });
  return (stdout + stderr).replaceAll("\r\n", "\n");
}

const START = `${BUSYBOX} echo it runs; echo status $?`;

function includes(text: string, ...pieces: readonly string[]): void {
  for (const piece of pieces) assert(text.includes(piece), `no “${piece}” in:\n${text}`);
}

const needs = [...NEEDS, "apt"] as const;

test({
  name: "apt: a foreign program without its emulator is started, a y is typed, and it runs",
  needs,
  fn: async () => {
    using world = await worldWithoutEmulator();
    const text = await shown(world, `${START}; dpkg -s emu-${FOREIGN} | grep ^Status`, "y\n");
    includes(text, `Emu is needed: emu-${FOREIGN} (`, "MB, with apt).", "Setting up emu-");
    includes(text, "Emu is installed", "it runs\nstatus 0", "install ok installed");
  },
});

test({
  name: "apt: what goes wrong is told in words, with what to do next",
  needs,
  fn: async () => {
    const cases = [
      ["rm /run/repository/emu.deb", "apt-get update"],
      ["sed -i '$ s/^/x/' /run/repository/emu.deb", "apt-get update"],
    ] as const;
    for (const [damage, hint] of cases) {
      using world = await worldWithoutEmulator();
      const text = await shown(world, `${damage}; ${START}`, "y\n");
      includes(text, "Emu could not be installed:", "status 127", hint);
    }
  },
});
