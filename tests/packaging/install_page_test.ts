/** The commands of docs/install.md, in a Debian. */
import { assertEquals } from "@std/assert";
import { type Ability, test } from "../abilities.ts";
import { commandsOf, pageText } from "../page_commands.ts";
import { busybox, FOREIGN } from "../real/foreign.ts";
import { inDebian, NEEDS } from "./debian_root.ts";
import { LIBRARIES_RPM } from "./libraries_rpm.ts";
import { madePackages } from "./made_packages.ts";

const NEEDS_PAGE: readonly Ability[] = [...NEEDS, "nfpm", "apt", "x86_64"];

const commands = commandsOf("install.md");

/** Runs blocks of commands in the Debian, in the directory with the packages. */
function shell(...blocks: string[]): string {
  return blocks.map((block) =>
    `inside sh -ec 'cd /mnt/packages\n${block}' >../log 2>&1 || { cat ../log; exit 1; }\n`
  ).join("");
}

/** apt without questions, recommended packages and a user for downloads. */
const APT = `
mkdir $root/run/openrc
printf '%s\\n' 'APT::Get::Assume-Yes "true";' 'APT::Install-Recommends "false";' \\
  'APT::Sandbox::User "root";' >$root/etc/apt/apt.conf.d/test
`;

const STARTS = `inside /mnt/packages/busybox echo starts || echo "does not start"\n`;

/** The files of the package that remain, and what is registered. */
const REST = `
(cd $root && find etc usr var/lib run proc/sys/fs/binfmt_misc -name '*binfmt-dispatcher*' \\
  ! -path 'var/lib/dpkg/*')
`;

test({
  name: "docs/install.md's commands for Debian install, enable, serve an image and uninstall",
  needs: NEEDS_PAGE,
  async fn() {
    const leave = commands("How to leave");
    const purge = leave.find((block) => block.startsWith("apt purge"))!;
    const files = [(await madePackages())(".deb"), await busybox(FOREIGN)];
    const image = [
      "inside sh -c 'dpkg-deb -x /mnt/packages/*.deb /DIR'\n",
      shell(...commands("Images").map((block) => block.replace("DIR", "/DIR"))),
      "(cd $root/DIR && ls etc/binfmt.d); ls $root/proc/sys/fs/binfmt_misc; rm -r $root/DIR\n",
    ];
    const script = [
      ...[shell(...commands("Debian, Ubuntu")), STARTS, ...image],
      ...[shell(purge), REST],
    ];
    assertEquals((await inDebian(files, APT + script.join(""))).trimEnd().split("\n"), [
      "starts",
      "zz-binfmt-dispatcher-riscv64.conf",
      ...[`binfmt-dispatcher-${FOREIGN}`, "register", "status"],
    ]);
  },
});

test({
  name: "docs/install.md's commands for Fedora install, enable and uninstall",
  needs: [...NEEDS_PAGE, "dnf"],
  async fn() {
    const remove = commands("How to leave").find((block) => block.startsWith("dnf remove"))!;
    const script = [
      `export HOME=$PWD/..\n${LIBRARIES_RPM}`,
      "echo assumeyes=1 >>$root/etc/dnf/dnf.conf\n",
      ...[shell("dnf install ./libraries-*.rpm\n", ...commands("Fedora, openSUSE")), STARTS],
      ...[shell(remove), REST],
    ];
    const files = [(await madePackages())(".rpm"), await busybox(FOREIGN)];
    assertEquals((await inDebian(files, APT + script.join(""))).trimEnd().split("\n"), [
      "starts",
      "var/lib/binfmt-dispatcher",
      `var/lib/binfmt-dispatcher/zz-binfmt-dispatcher-${FOREIGN}.conf`,
    ]);
  },
});

test({
  name: "the kept line of docs/install.md runs programs without binfmt-dispatcher",
  needs: NEEDS_PAGE,
  async fn() {
    const [command] = /binfmt-dispatcher binfmt --direct [^`]*/.exec(pageText("install.md"))!;
    const kept = command.replace("riscv64", FOREIGN);
    const files = [(await madePackages())(".deb"), await busybox(FOREIGN)];
    const script = [
      shell("apt install ./binfmt-dispatcher_*.deb", `${kept} >/etc/binfmt.d/kept.conf`),
      "inside apt-get -qq purge binfmt-dispatcher >/dev/null\n",
      "inside sh -c 'grep ^: /etc/binfmt.d/kept.conf >/proc/sys/fs/binfmt_misc/register'\n",
      ...[STARTS, REST],
    ];
    // The entry has the name that the printed line gives it.
    const entry = `proc/sys/fs/binfmt_misc/binfmt-dispatcher-${FOREIGN}`;
    assertEquals(await inDebian(files, APT + script.join("")), `starts\n${entry}\n`);
  },
});

test({
  name: "docs/install.md's commands for the tarball install, serve an init script and uninstall",
  needs: NEEDS_PAGE,
  async fn() {
    const boot = "for each in $root/proc/sys/fs/binfmt_misc/b*; do echo -1 >$each; done\n" +
      "rm -r $root/run/binfmt-dispatcher\n";
    const leave = commands("How to leave").at(-1)!;
    const files = [(await madePackages())(".tar.gz"), await busybox(FOREIGN)];
    const script = [
      ...[shell(...commands("From the tarball")), STARTS],
      ...[boot, shell(...commands("Without systemd")), STARTS, "ls $root/run/binfmt-dispatcher\n"],
      ...[shell(leave), REST],
    ];
    const said = await inDebian(files, APT + script.join(""));
    assertEquals(said.replace(/routes-\d+/, "routes"), "starts\nstarts\nroutes\n");
  },
});
