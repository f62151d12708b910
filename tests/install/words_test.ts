import { assertEquals } from "@std/assert";
import { DNF } from "../../lib/install/managers/dnf.ts";
import type { Offer } from "../../lib/install/offer.ts";
import { RPM_OSTREE } from "../../lib/install/managers/rpm_ostree.ts";
import { question } from "../../lib/install/words.ts";

const OFFER: Offer = {
  lacking: {
    need: { interpreter: "fex", target: "x86_64", library: "glibc" },
    name: "FEX",
    throughMuvm: false,
    groups: [],
    loader: false,
  },
  packages: [{ name: "fex-emu", size: 20e6 }, { name: "fex-emu-rootfs-fedora", size: 100e6 }],
  found: { manager: DNF, program: "/usr/bin/dnf" },
};

const ASKING = { program: "game", target: "x86_64", loader: undefined, root: false };

Deno.test("question() names the interpreter and packages, and announces a password prompt", () => {
  assertEquals(
    question(OFFER, ASKING),
    "“game” is made for x86_64 computers. To run it here, FEX is needed: fex-emu, " +
      "fex-emu-rootfs-fedora (120 MB, with dnf). You will be asked for an administrator's " +
      "password.",
  );
});

Deno.test("question() is about all of a machine's programs if no program is named", () => {
  assertEquals(
    question(OFFER, { ...ASKING, program: undefined, root: true }),
    "To run x86_64 programs here, FEX is needed: fex-emu, fex-emu-rootfs-fedora " +
      "(120 MB, with dnf).",
  );
});

Deno.test("question() names the C library and the loader that is missing", () => {
  const lacking = { ...OFFER.lacking, loader: true };
  const packages = [{ name: "libc", size: 1234 }];
  const loader = "/lib64/ld-linux-x86-64.so.2";
  assertEquals(
    question({ ...OFFER, lacking, packages }, { ...ASKING, loader, root: true }),
    `“game” needs the x86_64 C library (${loader}): libc (2 kB, with dnf).`,
  );
});

Deno.test("question() mentions a restart, but no unknown size", () => {
  const found = { manager: RPM_OSTREE, program: "/usr/bin/rpm-ostree" };
  const packages = [{ name: "fex-emu", size: undefined }];
  assertEquals(
    question({ ...OFFER, found, packages }, { ...ASKING, root: true }),
    "“game” is made for x86_64 computers. To run it here, FEX is needed: fex-emu " +
      "(with rpm-ostree). It works after a restart of the computer.",
  );
});
