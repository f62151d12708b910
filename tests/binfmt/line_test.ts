import { assert, assertEquals } from "@std/assert";
import { binfmtLine, type Entry } from "../../lib/binfmt/line.ts";

const HANDLER = "/usr/libexec/handler";
const bytes = (...values: number[]) => Uint8Array.from(values);

function why(entry: Entry, interpreter = HANDLER): string {
  const result = binfmtLine(entry, interpreter, "POF");
  assert(!result.ok);
  return result.failure.why;
}

function line(entry: Entry): string {
  const result = binfmtLine(entry, HANDLER, "POF");
  assert(result.ok);
  return result.value;
}

Deno.test("binfmtLine() writes magic, mask, offset and extension as the kernel reads them", () => {
  const telling = { magic: bytes(0x4d, 0x5a, 0), mask: bytes(0xff, 0x0f, 0), offset: 0 };
  assertEquals(
    line({ name: "x", telling }),
    ":x:M::\\x4d\\x5a\\x00:\\xff\\x0f\\x00:/usr/libexec/handler:POF",
  );
  assertEquals(line({ name: "x", telling: { ...telling, offset: 7 } }).slice(0, 7), ":x:M:7:");
  assertEquals(
    line({ name: "j", telling: { extension: "jar" } }),
    ":j:E::jar::/usr/libexec/handler:POF",
  );
});

Deno.test("binfmtLine() refuses what the kernel would reject or misread", () => {
  const telling = { extension: "jar" };
  for (const name of ["", "register", "status", "..", "a/b", "a:b", "a\nb"]) {
    assertEquals(why({ name, telling }), "binfmt_misc does not allow this name");
  }
  for (const path of ["", "handler", "/a:b", "/a\n:evil:M::MZ::/bin/sh:C"]) {
    assert(why({ name: "x", telling }, path).includes("must be an absolute path"));
  }
});

Deno.test("binfmtLine() refuses a line longer than 1920 bytes", () => {
  const at = (length: number) => "/" + "ä".repeat(length);
  // ":x:E::j:::POF" and a slash have 14 bytes, each ä has two.
  const entry = { name: "x", telling: { extension: "j" } };
  assert(binfmtLine(entry, at(953), "POF").ok);
  assert(why(entry, at(954)).includes("1922 bytes, but the kernel accepts at most 1920"));
});
