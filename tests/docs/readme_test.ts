/** README.md from the package to a healthy doctor, as it stands there, in a new Debian. */
import { assertEquals } from "@std/assert";
import { readPage } from "../../tasks/markdown.ts";
import { test } from "../abilities.ts";
import { inDebian, NEEDS } from "../packaging/debian_root.ts";
import { madePackages } from "../packaging/made_packages.ts";
import { scriptOf, settle } from "./blocks.ts";

const PAGE = readPage("README.md");
const SECTIONS = ["Install", "Run a foreign program", "Write a first rule", "Ask why"];

/** Run elsewhere: packages are made before, dnf has tests/packaging/rpm_test.ts. */
const ELSEWHERE = [
  "./dev package",
  "sudo dnf install ./dist/packages/binfmt-dispatcher-*.rpm",
];

const PATH = "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Root needs no password, and apt no answer and no other user to download as. */
const PREPARE = `
printf '%s\\n' 'APT::Get::Assume-Yes "true";' 'APT::Install-Recommends "false";' \\
  'APT::Sandbox::User "root";' 'quiet "2";' >$root/etc/apt/apt.conf.d/test
printf '#!/bin/sh\\nexec "$@"\\n' >$root/usr/local/bin/sudo
chmod +x $root/usr/local/bin/sudo
mkdir -p $root/root/dist && ln -s /mnt/packages $root/root/dist/packages
# The network's names are resolved as outside.
cat /etc/resolv.conf >$root/etc/resolv.conf
`;

test({
  name: "README.md: in a new Debian each command from installing to doctor does what is shown",
  needs: [...NEEDS, "nfpm", "apt", "x86_64"],
  async fn() {
    const blocks = PAGE.blocks.filter(({ section }) => SECTIONS.includes(section));
    const script = scriptOf(blocks, (line) => ELSEWHERE.includes(line));
    const files = [(await madePackages())(".deb")];
    const lines = [
      PREPARE,
      `cat >$root/root/script <<'END'\nexec 2>&1; cd /root\n${script.text}END\n`,
      `inside env HOME=/root PATH=${PATH} sh /root/script\n`,
    ];
    const printed = await inDebian(files, lines.join(""));
    assertEquals(settle(PAGE.path, script.differences(printed)), []);
  },
});
