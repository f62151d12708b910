import { assertEquals, assertMatch } from "@std/assert";
import { notTrusted } from "../../lib/config/trust.ts";
import { FakeEnvironment, type FakeFile } from "../fake_environment.ts";

const judge = (file: FakeFile, uid = 1000) =>
  notTrusted(new FakeEnvironment({ files: { "/x": file }, uid }), "/x") ?? "trusted";

Deno.test("notTrusted() trusts the effective user's files and root's", () => {
  assertEquals(judge({ uid: 1000, gid: 1000, mode: 0o644 }), "trusted");
  assertEquals(judge({ uid: 0, gid: 0, mode: 0o600 }), "trusted");
  assertEquals(notTrusted(new FakeEnvironment(), "/absent"), undefined);
});

Deno.test("notTrusted() names the owner of other users' files, also to root", () => {
  assertMatch(judge({ uid: 1001, gid: 1001 }), /belongs to user 1001, not to user 1000 or root/);
  assertMatch(judge({ uid: 1000, gid: 1000 }, 0), /belongs to user 1000, not to user 0 or root/);
});

Deno.test("notTrusted() refuses what others can write", () => {
  assertMatch(judge({ uid: 1000, gid: 1000, mode: 0o646 }), /every user can write/);
  assertMatch(judge({ uid: 0, gid: 0, mode: 0o777 }), /every user can write/);
});

Deno.test("notTrusted() lets the owner's private group write, and no other group", () => {
  assertEquals(judge({ uid: 1000, gid: 1000, mode: 0o664 }), "trusted");
  assertEquals(judge({ uid: 0, gid: 0, mode: 0o775 }), "trusted");
  assertMatch(judge({ uid: 1000, gid: 100, mode: 0o664 }), /group 100 can write/);
  assertMatch(judge({ uid: 0, gid: 1000, mode: 0o664 }), /group 1000 can write/);
  assertEquals(judge({ uid: 1000, gid: 100, mode: 0o644 }), "trusted");
});

Deno.test("notTrusted() judges what a link leads to", () => {
  const files = { "/link": { link: "/x" }, "/x": { uid: 7, gid: 7 } };
  assertMatch(notTrusted(new FakeEnvironment({ files, uid: 1000 }), "/link") ?? "", /user 7/);
});
