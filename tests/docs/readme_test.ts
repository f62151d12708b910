/** Runs README.md's commands in a new Debian, from the package to a healthy doctor. */
import { assertEquals } from "@std/assert";
import { PROGRAM } from "../../tasks/compile.ts";
import { readPage } from "../../tasks/markdown.ts";
import { ROOT } from "../../tasks/start.ts";
import { test } from "../abilities.ts";
import { outputOf } from "../output_of.ts";
import { inDebian, NEEDS } from "../packaging/debian_root.ts";
import { madePackages } from "../packaging/made_packages.ts";
import { scriptOf, settle } from "./blocks.ts";

const PAGE = readPage("README.md");
/**
 * Run elsewhere: the demonstration by tests/docs/screencast_test.ts, dnf by
 * tests/packaging/rpm_test.ts, and the package is made before.
 */
const ELSEWHERE = [
  "./dev demo",
  "./dev test",
  "./dev package",
  "sudo dnf install ./dist/packages/binfmt-dispatcher-*.rpm",
];

const PATH = "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** sudo asks for no password, and apt asks nothing and downloads as root. */
const PREPARE = `
printf '%s\\n' 'APT::Get::Assume-Yes "true";' 'APT::Install-Recommends "false";' \\
  'APT::Sandbox::User "root";' 'quiet "2";' >$root/etc/apt/apt.conf.d/test
printf '#!/bin/sh\\nexec "$@"\\n' >$root/usr/local/bin/sudo
chmod +x $root/usr/local/bin/sudo
mkdir -p $root/root/dist && ln -s /mnt/packages $root/root/dist/packages
# Host names are resolved as outside.
cat /etc/resolv.conf >$root/etc/resolv.conf
`;

test({
  name: "README.md: in a new Debian each command from installing to doctor prints what is shown",
  needs: [...NEEDS, "nfpm", "apt", "x86_64"],
  async fn() {
    const script = scriptOf(PAGE.blocks, (line) => ELSEWHERE.includes(line));
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

test({
  name: "README.md names the oldest glibc with which the program starts",
  needs: ["binutils", "compiled"],
  async fn() {
    const versions = [...(await outputOf(["objdump", "-T", PROGRAM])).matchAll(/GLIBC_2\.(\d+)/g)];
    const newest = Math.max(...versions.map(([, minor]) => Number(minor)));
    const text = Deno.readTextFileSync(`${ROOT}/${PAGE.path}`);
    assertEquals(/glibc 2\.(\d+) or newer/.exec(text)?.[1], String(newest));
  },
});
