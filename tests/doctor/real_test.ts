/** doctor's findings on the real kernel if all is well: for root, for a user, in a sandbox. */
import { assertEquals } from "@std/assert";
import { ADMIN_LAYER, LINES, LINKS } from "../../lib/paths.ts";
import type { Result } from "../../lib/doctor/check.ts";
import { CHECK_IDS, entryOf } from "../../lib/doctor/ids.ts";
import type { RunOptions, World } from "../../tasks/world.ts";
import { type Ability, test } from "../abilities.ts";
import { FOREIGN, NEEDS_KERNEL, worldFor } from "../real/foreign.ts";

const ENTRY = `binfmt-dispatcher-${FOREIGN}`;

/** The checks whose state depends on the world, not on this machine. */
const CHECKS = CHECK_IDS.filter((id) =>
  !["wsl", "questions", "packages", "polkit", "file-manager"].includes(id) &&
  entryOf(id).named !== true
);

const LAYER = `[interpreters.qemu]
path = "/usr/bin/runs"
machines = ["${FOREIGN}"]
sysroot = []
`;

function world(): World {
  const made = worldFor(FOREIGN);
  // The test's own interpreter, which needs no loader.
  made.file(ADMIN_LAYER, LAYER);
  made.link(`${LINKS}/zz-${ENTRY}.conf`, `${LINES}/${FOREIGN}.conf`);
  made.file("/usr/bin/runs", "#!/bin/sh\n", 0o755);
  made.file("/run/home/.profile", "");
  return made;
}

const STATES: readonly {
  readonly who: string;
  readonly needs: readonly Ability[];
  readonly options?: RunOptions;
  readonly within?: readonly string[];
  /** The findings that are not good. */
  readonly others: Readonly<Record<string, string>>;
}[] = [
  { who: "root", needs: ["root"], options: { users: true }, others: {} },
  {
    who: "root of a namespace that has no other user",
    needs: [],
    others: { resolver: "unknown", start: "unknown" },
  },
  { who: "a user", needs: [], options: { plain: true, env: { HOME: "/run/home" } }, others: {} },
  {
    who: "a sandbox with a /proc of its own",
    needs: ["bubblewrap"],
    options: { plain: true, env: { HOME: "/run/home" } },
    within: ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-pid"],
    others: {
      // The whole file system is read-only there.
      tables: "warning",
      ...Object.fromEntries(
        ["binfmt_misc", "bpf", "entries", "registration", "competitors"]
          .map((id) => [id, "unknown"]),
      ),
    },
  },
];

for (const { who, needs, options, within = [], others } of STATES) {
  test({
    name: `doctor's findings if all is well: ${who}`,
    needs: [...NEEDS_KERNEL, ...needs],
    fn: async () => {
      using made = world();
      const argv = [...within, "binfmt-dispatcher", "doctor", "--json", ...CHECKS];
      const { stdout, stderr, status } = await made.run(argv, options);
      const checks = JSON.parse(stdout).checks as readonly Result[];
      assertEquals(
        Object.fromEntries(checks.map(({ id, state }) => [id, state])),
        Object.fromEntries(CHECKS.map((id) => [id, others[id] ?? "good"])),
        `${ENTRY} ${stdout} ${stderr}`,
      );
      assertEquals(status, 0);
    },
  });
}
