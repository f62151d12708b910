/**
 * The units under a real systemd, in a container. The container has its own user namespace, without
 * which its binfmt_misc would be the machine's.
 */
import { assertEquals } from "@std/assert";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { test } from "../abilities.ts";
import { outputOf } from "../output_of.ts";
import { busybox, FOREIGN } from "../real/foreign.ts";
import { base, NEEDS } from "./debian_root.ts";
import { madePackages } from "./made_packages.ts";

const UNITS = "/etc/systemd/system";

/** A container's systemd neither mounts binfmt_misc nor starts systemd-binfmt without these. */
const FILES: Readonly<Record<string, string>> = {
  "/etc/machine-id": "",
  [`${UNITS}/mount-binfmt.service`]: `[Unit]
DefaultDependencies=no
Before=systemd-binfmt.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
`,
  [`${UNITS}/systemd-binfmt.service.d/container.conf`]: `[Unit]
ConditionPathIsReadWrite=
ConditionDirectoryNotEmpty=
Wants=mount-binfmt.service
`,
  [`${UNITS}/script.service`]: `[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -u /test/script
StandardOutput=file:/test/said
StandardError=inherit
TimeoutStartSec=120
ExecStopPost=/bin/systemctl poweroff --no-block
`,
};

/** WSL's protectBinfmt: a restart removes all entries, and only the package's unit registers. */
const PROTECTED = "[Service]\nExecStart=\nExecStart=/bin/true\n";

/** Restarts systemd-binfmt while the package's unit registers. */
const RESTARTED_MEANWHILE = `
mkdir /run/systemd/system/binfmt-dispatcher.service.d
printf '[Service]\\nExecStartPost=/bin/sh -c "until [ -e /run/go ]; do sleep 0.1; done"\\n' \\
  >/run/systemd/system/binfmt-dispatcher.service.d/wait.conf
systemctl daemon-reload
until_ over
echo -1 >/proc/sys/fs/binfmt_misc/binfmt-dispatcher-${FOREIGN}
systemctl start --no-block binfmt-dispatcher; until_ registered
systemctl restart systemd-binfmt; : >/run/go; until_ registered; starts
`;

const FUNCTIONS = `
starts() { /test/busybox echo starts || echo "does not start"; }
table=/run/binfmt-dispatcher/routes-*
identity() { stat -c %i-%y $table; }
# Waits until a command succeeds, for at most twenty seconds.
until_() { for _ in $(seq 200); do if "$@"; then return; fi; sleep 0.1; done; echo "not yet: $*"; }
changed() { [ "$(identity)" != "$before" ]; }
over() { [ "$(systemctl is-active binfmt-dispatcher)" = inactive ]; }
registered() { [ -e /proc/sys/fs/binfmt_misc/binfmt-dispatcher-${FOREIGN} ]; }
`;

/** Boots the container, runs a script in it, and returns what the script printed. */
async function boot(root: string, script: string): Promise<string> {
  await Deno.writeTextFile(`${root}/test/script`, FUNCTIONS + script);
  const { success, stdout, stderr } = await new Deno.Command("timeout", {
    args: [
      ...["150", "systemd-nspawn", "--boot", "--register=no", "--keep-unit", "--private-network"],
      ...["--quiet", "--private-users=524288:65536", "--private-users-ownership=chown"],
      ...["-D", root, "--console=read-only"],
    ],
    stdin: "null",
  }).output();
  // The next boot fails if these exist. rmdir removes only empty groups.
  const groups = ["unified", "systemd"].flatMap((name) =>
    ["payload", "supervisor"].map((group) => `/sys/fs/cgroup/${name}/${group}`)
  );
  const args = [...groups, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"];
  await new Deno.Command("find", { args, stdout: "null", stderr: "null" }).output();
  await Deno.remove("/run/systemd/nspawn", { recursive: true }).catch(() => {});
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(text(stdout) + text(stderr));
  return await Deno.readTextFile(`${root}/test/said`);
}

async function copyBase(directory: string): Promise<string> {
  const root = `${directory}/root`;
  // “/.” follows a link: the container gives all files to other users, which must be copies.
  await outputOf(["cp", "-a", `${await base()}/.`, root]);
  await Deno.mkdir(`${root}/test`);
  for (const [path, text] of Object.entries(FILES)) {
    await Deno.mkdir(`${root}${path.replace(/[^/]*$/, "")}`, { recursive: true });
    await Deno.writeTextFile(`${root}${path}`, text);
  }
  await Deno.mkdir(`${root}${UNITS}/multi-user.target.wants`, { recursive: true });
  await Deno.symlink("../script.service", `${root}${UNITS}/multi-user.target.wants/script.service`);
  return root;
}

test({
  name: "under systemd the table is made at boot and after changes, and entries come back",
  needs: [...NEEDS, "nfpm", "apt", "systemd-nspawn", "x86_64"],
  async fn() {
    await inTemporaryDirectory(async (directory) => {
      const root = await copyBase(directory);
      await Deno.copyFile((await madePackages())(".deb"), `${root}/test/made.deb`);
      await Deno.copyFile(await busybox(FOREIGN), `${root}/test/busybox`);
      const first = await boot(
        root,
        `dpkg --install /test/made.deb >/dev/null
        ls $table | wc -l
        binfmt-dispatcher enable ${FOREIGN} >/dev/null; starts
        before=$(identity); echo '[binaries]' >/etc/binfmt-dispatcher.toml; until_ changed
        mkdir /etc/binfmt-dispatcher.d
        before=$(identity); echo '[binaries]' >/etc/binfmt-dispatcher.d/a.toml; until_ changed
        systemctl restart systemd-binfmt; until_ registered; starts`,
      );
      assertEquals(first, "1\nstarts\nstarts\n");

      const protect = `${root}${UNITS}/systemd-binfmt.service.d/protect.conf`;
      await Deno.writeTextFile(protect, PROTECTED);
      const second = await boot(
        root,
        `ls $table | wc -l; starts
        systemctl restart systemd-binfmt; until_ registered; starts
        ${RESTARTED_MEANWHILE}
        echo :other:E::other::/bin/true: >/proc/sys/fs/binfmt_misc/register
        systemctl --failed --plain --no-legend
        dpkg --purge binfmt-dispatcher >/dev/null 2>&1
        ls /proc/sys/fs/binfmt_misc; systemctl list-units --all --plain --no-legend 'binfmt-d*'`,
      );
      assertEquals(second, "1\nstarts\nstarts\nstarts\nother\nregister\nstatus\n");
    });
  },
});
