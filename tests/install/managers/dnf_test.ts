import { assertEquals } from "@std/assert";
import { DNF } from "../../../lib/install/managers/dnf.ts";

Deno.test("parseQuery() of dnf reads what dnf 4 and dnf 5 print", () => {
  // dnf 4 prints an empty line after each, dnf 5 its progress before.
  const four = "found fex-emu 11200\n\nfound muvm 5\n\n";
  const five = "Updating and loading repositories:\nRepositories loaded.\n" +
    "found fex-emu 11200\nfound muvm 5\n";
  for (const stdout of [four, five]) {
    const found = DNF.parseQuery(stdout, ["fex-emu", "other", "muvm"]);
    assertEquals([...found], [["fex-emu", 11200], ["muvm", 5]]);
  }
});

Deno.test("parseQuery() of dnf takes the largest of several architectures", () => {
  const found = DNF.parseQuery("found a 5\nfound a 7\nfound a 6\n", ["a"]);
  assertEquals([...found], [["a", 7]]);
});

Deno.test("a group is not looked up, and counts as available", () => {
  const [line] = DNF.queries("/usr/bin/dnf5", ["@x86-emulation", "muvm"]);
  assertEquals(line!.args.slice(-1), ["muvm"]);
  assertEquals(line!.args.includes("@x86-emulation"), false);
  assertEquals(DNF.queries("/usr/bin/dnf5", ["@x86-emulation"]), []);
  assertEquals([...DNF.parseQuery("", ["@x86-emulation"])], [["@x86-emulation", undefined]]);
});

Deno.test("dnf is queried from its cache first, then with the network", () => {
  const lines = DNF.queries("/usr/bin/dnf", ["muvm"]);
  assertEquals(lines.map(({ args }) => args.includes("-C")), [true, false]);
});

Deno.test("parseFileQuery() of dnf returns each name once", () => {
  assertEquals(DNF.parseFileQuery("found glibc\n\nfound glibc\nnoise\n"), ["glibc"]);
});
