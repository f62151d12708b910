import { assertEquals } from "@std/assert";
import { findManager } from "../../../lib/install/managers/find_manager.ts";
import { FakeEnvironment } from "../../fake_environment.ts";

const PROGRAM = { content: "", mode: 0o755 };

/** The name and program of the manager of a host that has these programs, and more files. */
function found(release: string, names: string, more: Record<string, string> = {}): string {
  const programs = names.split(" ").map((name) => [`/usr/bin/${name}`, PROGRAM] as const);
  const files = { ...more, "/etc/os-release": release, ...Object.fromEntries(programs) };
  const manager = findManager(new FakeEnvironment({ files }));
  return manager === undefined ? "none" : `${manager.manager.name} ${manager.program}`;
}

Deno.test("findManager() chooses by the distribution, whatever else is installed", () => {
  const all = "apt-get dnf pacman zypper";
  const releases: [string, string][] = [
    ["ID=debian", "apt /usr/bin/apt-get"],
    ["ID=ubuntu\nID_LIKE=debian", "apt /usr/bin/apt-get"],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', "apt /usr/bin/apt-get"],
    ["ID=fedora", "dnf /usr/bin/dnf"],
    ["ID=fedora-asahi-remix\nID_LIKE=fedora", "dnf /usr/bin/dnf"],
    ['ID=rocky\nID_LIKE="rhel centos fedora"', "dnf /usr/bin/dnf"],
    ["ID=archarm\nID_LIKE=arch", "pacman /usr/bin/pacman"],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', "zypper /usr/bin/zypper"],
    ["ID=sles\nID_LIKE=suse", "zypper /usr/bin/zypper"],
  ];
  for (const [release, expected] of releases) assertEquals(found(release, all), expected, release);
});

Deno.test("findManager() prefers dnf 5 to dnf 4", () => {
  assertEquals(found("ID=fedora", "dnf dnf5"), "dnf /usr/bin/dnf5");
});

Deno.test("findManager() takes rpm-ostree if the system was booted from an image", () => {
  const booted = { "/run/ostree-booted": "" };
  assertEquals(
    found("ID=fedora", "dnf5 rpm-ostree", booted),
    "rpm-ostree /usr/bin/rpm-ostree",
  );
  assertEquals(found("ID=fedora", "dnf5 rpm-ostree"), "dnf /usr/bin/dnf5");
  assertEquals(found("ID=fedora", "dnf5", booted), "dnf /usr/bin/dnf5");
});

Deno.test("findManager() takes what is installed if the distribution is unknown", () => {
  assertEquals(found("ID=unheard-of", "zypper pacman"), "pacman /usr/bin/pacman");
  assertEquals(found("ID=debian", "dnf"), "dnf /usr/bin/dnf");
  assertEquals(found("ID=nixos", "nix"), "none");
  assertEquals(findManager(new FakeEnvironment()), undefined);
});

Deno.test("a file that is not executable is not a program", () => {
  const files = { "/usr/bin/apt-get": { content: "", mode: 0o644 }, "/usr/bin/dnf/x": "" };
  assertEquals(findManager(new FakeEnvironment({ files })), undefined);
});
