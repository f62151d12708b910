import { assertEquals } from "@std/assert";
import { ZYPPER } from "../../../lib/install/managers/zypper.ts";

Deno.test("parseQuery() of zypper takes only exact names", () => {
  const xml = `<?xml version='1.0'?>
<stream><search-result version="0.0"><solvable-list>
<solvable status="not-installed" name="qemu-linux-user" summary="x name=&quot;y&quot;"/>
</solvable-list></search-result></stream>`;
  const found = ZYPPER.parseQuery(xml, ["qemu-linux-user", "QEMU-linux-user", "y"]);
  assertEquals([...found], [["qemu-linux-user", undefined]]);
});

Deno.test("zypper does not refresh for a query, and does not remove packages", () => {
  const { args } = ZYPPER.install("/usr/bin/zypper", ["a"]);
  assertEquals(args.includes("--no-force-resolution"), true);
  const [line] = ZYPPER.queries("/usr/bin/zypper", ["a"]);
  assertEquals(line!.args.slice(0, 2), ["--non-interactive", "--no-refresh"]);
});
