/** The two commands in a container that refuses namespaces, as Docker does by default. */
import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../../tasks/start.ts";
import { test } from "../abilities.ts";

/** Root's capabilities there: https://docs.docker.com/engine/security/#linux-kernel-capabilities */
const CAPABILITIES = [
  ...["audit_write", "chown", "dac_override", "fowner", "fsetid", "kill", "mknod"],
  ...["net_bind_service", "net_raw", "setfcap", "setgid", "setpcap", "setuid", "sys_chroot"],
];

/** A process in a chroot can make no user namespace; these capabilities allow no other one. */
const CONTAINER = `
set -eu
root=$1 capabilities=$2; shift 2
mount --rbind / "$root"
exec chroot "$root" setpriv --bounding-set "$capabilities" --inh-caps=-all "$@"
`;

/** Runs a command of the project in it; returns its status and output. */
async function inContainer(argv: readonly string[], env: Record<string, string> = {}) {
  const root = await Deno.makeTempDir();
  try {
    const bounding = ["-all", ...CAPABILITIES.map((name) => `+${name}`)].join();
    const { code, stdout, stderr } = await new Deno.Command("unshare", {
      args: [
        "-m",
        "sh",
        "-c",
        CONTAINER,
        "sh",
        root,
        bounding,
        `${ROOT}/${argv[0]}`,
        ...argv.slice(1),
      ],
      cwd: ROOT,
      env,
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { status: code, said: text.decode(stdout) + text.decode(stderr) };
  } finally {
    await Deno.remove(root); // never recursively: the machine's root was mounted here
  }
}

test({
  name: "if namespaces are refused, ./dev demo uses run and says what was refused",
  needs: ["root", "mounts", "qemu-user-static", "compiled"],
  fn: async () => {
    const { status, said } = await inContainer(["dev", "demo"]);
    assertEquals(status, 0, said);
    const hello =
      /\$ binfmt-dispatcher run .\/hello\n {4}Hello from an \w+ program on an \w+ machine/;
    assert(hello.test(said), said);
    assert(said.includes("What was refused: a user namespace (unshare: unshare failed: "), said);
  },
});

/** CONTRIBUTING.md's value for such a container. */
function mayLack(): string {
  const text = Deno.readTextFileSync(`${ROOT}/CONTRIBUTING.md`);
  return /^CI_MAY_LACK="(.*)" \.\/dev test$/m.exec(text)![1]!;
}

test({
  name: "if namespaces are refused, tests are skipped as CONTRIBUTING.md says, and none fails",
  needs: ["root", "mounts", "compiled"],
  fn: async () => {
    const named = ["handler/system", "kernel", "real/given_test.ts"];
    const argv = ["dev", "test", ...named.map((name) => `tests/${name}`)];
    const { status, said } = await inContainer(argv, { CI: "true", CI_MAY_LACK: mayLack() });
    assertEquals(status, 0, said);
    assert(/^\d+ passed, 0 failed, \d+ skipped$/m.test(said), said);
  },
});
