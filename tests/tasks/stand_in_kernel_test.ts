/** The stand-in for a kernel behaves like the kernel. */
import { assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { BUSYBOX, NEEDS_KERNEL, worldWithBusybox } from "../real/foreign.ts";

/** In bash. */
const SCRIPTS: readonly string[] = [
  // Starts and their exit statuses.
  "busybox-foreign printf '[%s]' '' 'a b' '*'",
  "exec -a expr busybox-foreign 6 '*' 7",
  "exec -a '' busybox-foreign",
  "busybox-foreign sh -c 'exit 7'",
  "exec busybox-foreign sh -c 'kill -TERM $$'",
  "cd /usr/share/deep && ./er/sh -c 'pwd; echo $0' && cd er && ../er/sh -c pwd",
  "/usr/share/script 'a b' ''",
  "/usr/share/none; /usr/share/plain; /usr/share; ./none",
  "busybox-foreign ls /proc/self/fd; busybox-foreign readlink /proc/self/cwd",
  "printf '#!%s sh\\necho $0 $1\\n' /usr/bin/busybox-foreign > /run/s; chmod +x /run/s; /run/s x",
  "cp /usr/bin/busybox-foreign /run/copy; /run/copy uname -m; cd /run && ./copy echo here",
  "for i in {1..20}; do busybox-foreign expr $i '*' 2 & done | sort -n; wait",
  // Files.
  "cat /etc/there /usr/share/script; ls -l /etc/passwd /usr/share/plain",
  "echo x > /etc/there; rm /usr/share/plain; mkdir /usr/new; touch /etc/new",
  "cd /usr/share; readlink -f link; readlink link; cat /usr/share/link/there /bin/../etc/there",
  "cd /usr/share/deep && pwd -P && cat ../plain; cd /usr/share/link; pwd -P; realpath ..",
  "cd /run; mkdir -p a/b; ln -s ../c a/d; echo 1 > a/../c; cat a/d; mv /run/c e; ls /run/[a-e]*",
  // The entries, and commands that read them.
  "cat /proc/sys/fs/binfmt_misc/{status,binfmt-dispatcher-*}; cat /proc/sys/fs/binfmt_misc/none",
  "binfmt-dispatcher explain busybox-foreign; binfmt-dispatcher explain /usr/share/script",
  "busybox-foreign true; binfmt-dispatcher explain busybox-foreign | grep -A1 '^Route table'",
];

test({
  name: "a World with the stand-in for a kernel behaves like one with the kernel",
  needs: [...NEEDS_KERNEL, "root", "gcc", "x86_64"],
  fn: async (t) => {
    for (const script of SCRIPTS) {
      await t.step(script, async () => {
        const both = [];
        for (const traced of [false, true]) {
          using world = await worldWithBusybox();
          world.file("/etc/there", "there\n");
          world.file("/usr/share/plain", "plain\n");
          world.file("/usr/share/script", `#!${BUSYBOX} sh\necho "$0: $#, $1"\nexit 4\n`, 0o755);
          world.link("/usr/share/deep/er/sh", "../../../bin/busybox-foreign");
          world.link("/usr/share/link", "/etc");
          const outcome = await world.run(["bash", "-c", script], { traced });
          both.push(JSON.parse(JSON.stringify(outcome).replaceAll(world.directory, "W")));
        }
        assertEquals(both[1], both[0]);
      });
    }
  },
});
