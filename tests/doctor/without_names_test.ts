import { assertEquals } from "@std/assert";
import { bad } from "../../lib/doctor/check.ts";
import { withoutNames } from "../../lib/doctor/without_names.ts";

function clean(text: string, home?: string): string {
  const finding = { ...bad(text, text), details: [text] };
  const [result] = withoutNames([{ id: "kernel", state: "bad", findings: [finding] }], home);
  const { seen, details, commands } = result!.findings[0]!;
  assertEquals([details, commands], [[seen], [seen]]);
  return seen;
}

Deno.test("withoutNames() removes the names of home directories everywhere in a finding", () => {
  assertEquals(clean("rm /srv/people/ann/x", "/srv/people/ann/"), "rm ~/x");
  assertEquals(clean("“/home/bob/a” and /home/eve", "/home/ann"), "“/home/…/a” and /home/…");
  assertEquals(clean("/home/ann/a: b", "/home/ann"), "~/a: b");
  assertEquals(clean("/usr/home", undefined), "/usr/home");
});

Deno.test("withoutNames() ignores / as a home directory", () => {
  assertEquals(clean("/usr/bin", "/"), "/usr/bin");
  assertEquals(clean("/usr/bin", ""), "/usr/bin");
});
