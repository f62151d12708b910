import { assertEquals } from "@std/assert";
import { distributions, parseOsRelease } from "../../../lib/install/managers/os_release.ts";
import { FakeEnvironment } from "../../fake_environment.ts";

Deno.test("parseOsRelease() reads quotes, escapes and comments as a shell does", () => {
  const text = `# ID=comment
ID=fedora-asahi-remix
ID_LIKE="rhel  fedora"
NAME='It\\s'
PRETTY_NAME="a \\"b\\" \\$c \\\\ \\x"
BARE=a\\ b\r
  LATER=1
LATER=2
not a line
=x
`;
  assertEquals([...parseOsRelease(text)], [
    ["ID", "fedora-asahi-remix"],
    ["ID_LIKE", "rhel  fedora"],
    ["NAME", "It\\s"],
    ["PRETTY_NAME", 'a "b" $c \\ \\x'],
    ["BARE", "a b"],
    ["LATER", "2"],
  ]);
});

Deno.test("distributions() reads /etc, and /usr/lib only if that is absent", () => {
  const files = {
    "/etc/os-release": "ID=ubuntu\nID_LIKE=debian\n",
    "/usr/lib/os-release": "ID=arch\n",
  };
  assertEquals(distributions(new FakeEnvironment({ files })), ["ubuntu", "debian"]);
  const { "/etc/os-release": _, ...rest } = files;
  assertEquals(distributions(new FakeEnvironment({ files: rest })), ["arch"]);
  assertEquals(distributions(new FakeEnvironment()), []);
  const unreadable = { "/etc/os-release": { unreadable: true }, ...rest };
  assertEquals(distributions(new FakeEnvironment({ files: unreadable })), []);
});

Deno.test("a distribution without an ID is linux", () => {
  const files = { "/etc/os-release": "NAME=x\n" };
  assertEquals(distributions(new FakeEnvironment({ files })), ["linux"]);
});
