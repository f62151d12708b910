import { assertEquals } from "@std/assert";
import { findWanted } from "../../lib/doctor/wanted.ts";
import { HANDLER, RESOLVER } from "../../lib/paths.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";

const line = (name: string, interpreter = HANDLER) =>
  `:${name}:M::\\x7f:\\xff:${interpreter}:POF\n`;

function find(files: FakeSystem["files"] & object) {
  return findWanted(new FakeEnvironment({ files })).map(({ file, state, entry, interpreter }) =>
    [file, state, entry ?? interpreter].filter((each) => each !== undefined).join(" ")
  );
}

Deno.test("findWanted() reads lines as systemd does, each file from its first directory", () => {
  assertEquals(
    find({
      "/etc/binfmt.d/a.conf": line("a1") + "# no line\n;\n\n" + line("a2"),
      "/run/binfmt.d/b.conf": line("b", RESOLVER),
      "/usr/lib/binfmt.d/a.conf": line("masked"),
      "/usr/lib/binfmt.d/c.conf": line("other", "/usr/bin/qemu"),
      "/usr/lib/binfmt.d/d.txt": line("no"),
      "/usr/lib/binfmt.d/e.conf": `,e,E,,jar,,${HANDLER},PO\n`,
    }),
    [
      "/etc/binfmt.d/a.conf line a1",
      "/etc/binfmt.d/a.conf line a2",
      "/run/binfmt.d/b.conf line b",
      "/usr/lib/binfmt.d/e.conf line e",
    ],
  );
});

Deno.test("findWanted() follows links, and reports its own that dangle or mask", () => {
  const shipped = "/usr/share/binfmt-dispatcher/binfmt.d/x86_64.conf";
  assertEquals(
    find({
      [shipped]: line("x"),
      "/etc/binfmt.d/a.conf": { link: shipped },
      "/etc/binfmt.d/b.conf": { link: "/usr/share/binfmt-dispatcher/binfmt.d/gone.conf" },
      "/etc/binfmt.d/c.conf": { link: "/usr/share/qemu/gone.conf" },
      "/etc/binfmt.d/zz-binfmt-dispatcher-x86.conf": { link: "/dev/null" },
      "/etc/binfmt.d/other.conf": { link: "/dev/null" },
    }),
    [
      "/etc/binfmt.d/a.conf line x",
      "/etc/binfmt.d/b.conf dangling",
      "/etc/binfmt.d/zz-binfmt-dispatcher-x86.conf masked",
    ],
  );
});
