import { assertEquals, assertMatch } from "@std/assert";
import { notGuarded, notTrusted, ownDirectory } from "../../lib/config/trust.ts";
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

Deno.test("notTrusted() refuses group write permission: it may be an access list's mask", () => {
  assertMatch(judge({ uid: 1000, gid: 1000, mode: 0o664 }), /group 1000 can write/);
  assertMatch(judge({ uid: 0, gid: 0, mode: 0o775 }), /group 0 can write/);
  assertMatch(judge({ uid: 1000, gid: 100, mode: 0o664 }), /group 100 can write/);
  assertMatch(judge({ uid: 0, gid: 1000, mode: 0o664 }), /group 1000 can write/);
  assertEquals(judge({ uid: 1000, gid: 100, mode: 0o644 }), "trusted");
});

Deno.test("notTrusted() judges what a link leads to", () => {
  const files = { "/link": { link: "/x" }, "/x": { uid: 7, gid: 7 } };
  assertMatch(notTrusted(new FakeEnvironment({ files, uid: 1000 }), "/link") ?? "", /user 7/);
});

Deno.test("ownDirectory() follows links and accepts only directories of the effective user", () => {
  const own = (directory: FakeFile, uid = 1000) => {
    const files = {
      "/h": { link: "/home/h" },
      "/home/h": { kind: "directory", ...directory },
    } as const;
    return ownDirectory(new FakeEnvironment({ files, uid }), "/h");
  };
  assertEquals(own({ uid: 1000, mode: 0o755 }), "/home/h");
  assertEquals(own({ uid: 0 }, 0), "/home/h");
  for (const uid of [0, 1001]) assertEquals(own({ uid }), undefined);
  for (const mode of [0o775, 0o757, 0o1777]) assertEquals(own({ uid: 1000, mode }), undefined);
  assertEquals(ownDirectory(new FakeEnvironment(), "/nowhere"), undefined);
});

const HOME = "/home/u/.config/x";

function guard(directory: string, facts: Omit<FakeFile, "kind">, uid = 1000): string {
  const files: Record<string, FakeFile> = {
    "/usr": { kind: "directory" },
    "/home/u": { kind: "directory", uid: 1000, gid: 1000 },
    [HOME]: { uid: 1000, gid: 1000 },
  };
  files[directory] = { kind: "directory", ...facts };
  return notGuarded(new FakeEnvironment({ files, uid }), HOME) ?? "guarded";
}

Deno.test("notGuarded() trusts directories of the effective user and of root", () => {
  assertEquals(guard("/home", {}), "guarded");
  assertEquals(guard("/home/u/.config", { uid: 1000, gid: 1000, mode: 0o755 }), "guarded");
  assertEquals(notGuarded(new FakeEnvironment(), "/absent/x"), "“/absent” cannot be accessed");
});

Deno.test("notGuarded() refuses what somebody else could replace", () => {
  assertMatch(guard("/home", { uid: 7, gid: 7 }), /^“\/home” belongs to user 7, not to user 1000/);
  assertMatch(guard("/", { mode: 0o777 }), /^every user can write “\/”/);
  assertMatch(guard("/home/u/.config", { gid: 5, mode: 0o775 }), /^group 5 can write/);
  // Even if everything below belongs to root.
  assertMatch(guard(HOME, { uid: 0 }, 0), /^“\/home\/u” belongs to user 1000, not to user 0/);
});

Deno.test("notGuarded() accepts a sticky directory that everybody can write", () => {
  assertEquals(guard("/home", { mode: 0o1777 }), "guarded");
  assertMatch(guard("/home", { uid: 7, mode: 0o1777 }), /belongs to user 7/);
});

Deno.test("notGuarded() trusts the owner of /usr, as in a user namespace without root", () => {
  const files: Record<string, FakeFile> = { [HOME]: { uid: 1000 } };
  for (const path of ["/", "/usr", "/home"]) files[path] = { kind: "directory", uid: 65534 };
  const guarded = () => notGuarded(new FakeEnvironment({ files, uid: 1000 }), HOME);
  assertEquals(guarded(), undefined);
  files["/usr"] = { kind: "directory" };
  assertMatch(guarded() ?? "", /^“\/” belongs to user 65534/);
});
