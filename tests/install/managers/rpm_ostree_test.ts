import { assertEquals } from "@std/assert";
import { RPM_OSTREE } from "../../../lib/install/managers/rpm_ostree.ts";

Deno.test("rpm-ostree is queried through dnf 5, but installs by itself", () => {
  const paths = RPM_OSTREE.queries("/usr/bin/rpm-ostree", ["fex-emu"]).map(({ path }) => path);
  assertEquals(paths, ["/usr/bin/dnf5", "/usr/bin/dnf5"]);
  assertEquals(RPM_OSTREE.install("/usr/bin/rpm-ostree", ["fex-emu"]), {
    path: "/usr/bin/rpm-ostree",
    args: ["install", "--idempotent", "--allow-inactive", "fex-emu"],
  });
});

Deno.test("rpm-ostree uses dnf's packages if it has none of its own", () => {
  assertEquals(RPM_OSTREE.keys, ["rpm-ostree", "dnf"]);
});
