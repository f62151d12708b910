import { assertEquals } from "@std/assert";
import { APT } from "../../../lib/install/managers/apt.ts";

const RECORDS = `Package: libc6
Architecture: amd64
Version: 2.36
Size: 2757000

Package: libc6
Architecture: i386
Size: 2600000
Description: a library
 Package: none

Package: installed-only
Status: install ok installed
Installed-Size: 12
`;

Deno.test("parseQuery() of apt reads the records of the queried packages", () => {
  const found = APT.parseQuery(RECORDS, ["libc6", "libc6:i386", "libc6:arm64", "none", "other"]);
  assertEquals([...found], [["libc6", 2757000], ["libc6:i386", 2600000]]);
  assertEquals([...APT.parseQuery(RECORDS, ["installed-only"])], [["installed-only", undefined]]);
  assertEquals(APT.parseQuery("", ["a"]).size, 0);
  assertEquals([...APT.parseQuery("Package: a\nSize: 1e9\n", ["a"])], [["a", undefined]]);
});

Deno.test("apt queries apt-cache, only for the candidates", () => {
  assertEquals(APT.queries("/usr/bin/apt-get", ["box64"]), [
    { path: "/usr/bin/apt-cache", args: ["show", "--no-all-versions", "--", "box64"] },
  ]);
});
