/** docs/tutorial.md, word for word, in the target machine. */
import { assertEquals } from "@std/assert";
import { readPage } from "../../tasks/markdown.ts";
import { test } from "../abilities.ts";
import { scriptOf, settle } from "../docs/blocks.ts";
import { Machine } from "./machine.ts";
import { buildTarget, PROGRAMS, STAND_INS } from "./target.ts";

const PAGE = readPage("docs/tutorial.md");

/** FEX and muvm, which neither Debian nor a package registry has, and two games. */
const PREPARE = `set -e
printf '#!/bin/sh\\n' >/usr/bin/FEX
cat >/usr/bin/muvm <<'END'
#!/bin/sh
[ "$1" = --help ] || exec ${STAND_INS}/muvm "$@"
printf '  -%s\\n' e i t
END
chmod 755 /usr/bin/FEX /usr/bin/muvm
mkdir -p /usr/share/fex-emu/RootFS /run/muvm-host /usr/lib/systemd
touch /usr/share/fex-emu/RootFS/default.erofs
touch /usr/bin/muvm-guest /usr/bin/passt /usr/lib/systemd/systemd-udevd
touch /dev/kvm
chmod 666 /dev/kvm
ln -s /run /run/muvm-host/run
for each in celeste/Celeste puzzles/tiles; do
  mkdir -p /home/user/Games/\${each%/*}
  cp ${PROGRAMS}/dynamic /home/user/Games/$each
done
chown -R user:user /home/user/Games
`;

const USER = { HOME: "/home/user", XDG_RUNTIME_DIR: "/run/user/1000", PATH: "/usr/bin:/bin" };

test({
  name: "docs/tutorial.md: each command does what is shown, on a kernel with pages of 16 KiB",
  needs: ["qemu-system-aarch64", "apt", "pip"],
  async fn() {
    const directory = await Deno.makeTempDir({ prefix: "vm-" });
    try {
      const { kernel, initramfs } = await buildTarget(directory);
      await using machine = await Machine.boot(kernel, initramfs);
      assertEquals((await machine.sh(PREPARE)).stderr, "");
      const differences = [];
      for (const block of PAGE.blocks) {
        const script = scriptOf([block], (line) => line.startsWith("sudo dnf install "));
        const argv = ["sh", "-c", `exec 2>&1\n${script.text}`];
        const { stdout, stderr } = await machine.run(argv, {
          user: "user",
          env: USER,
          cwd: "/home/user",
        });
        differences.push(...script.differences(stdout + stderr));
      }
      assertEquals(settle(PAGE.path, differences), []);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
