import { assert, assertEquals } from "@std/assert";
import { followRules } from "../../lib/config/follow_rules.ts";
import { MAX_HOME_PARTS, MAX_PLACES, MAX_WATCHED } from "../../lib/config/limits.ts";
import { FakeEnvironment, type FakeFile } from "../fake_environment.ts";
import { rule } from "../routes/small_config.ts";

type Files = Readonly<Record<string, FakeFile>>;

function follow(paths: readonly string[], files: Files, uid = 0) {
  const environment = new FakeEnvironment({ files, uid });
  return followRules(paths.map((path) => rule(path, "x")), environment);
}

const leads = (paths: readonly string[], files: Files, uid?: number) =>
  follow(paths, files, uid).rules.map(({ leads_to }) => leads_to ?? "");
const watched = (paths: readonly string[], files: Files, uid?: number) =>
  follow(paths, files, uid).links.map(({ path, target }) => `${path} ${target}`);

const LINKED: Files = {
  "/bin": { link: "usr/bin" },
  "/usr/bin/x": { link: "/opt/x" },
  "/opt/games": { link: "data/games" },
  "/opt/data/x": {},
};

Deno.test("followRules() follows the literal part of each path, even to a missing file", () => {
  const paths = ["/bin/x", "/bin/", "/opt/games/**", "/opt/games/a*", "/opt/*/x", "/bin/{x,y}"];
  const found = ["/opt/x", "/usr/bin", "/opt/data/games", "/opt/data/games", "", "/usr/bin"];
  assertEquals(leads(paths, LINKED), found);
  assertEquals(leads(["/usr/bin/y", "/none/x", "/", "**/x", "*"], LINKED), ["", "", "", "", ""]);
  assertEquals(leads(["/opt//games/", "/opt/./data/../x"], LINKED), ["/opt/data/games", "/opt/x"]);
});

Deno.test("followRules() lists the links that it followed", () => {
  assertEquals(watched(["/opt/games/", "/none/a/b", "/bin/y"], LINKED), [
    "/opt/games data/games",
    "/bin usr/bin",
  ]);
  assertEquals(watched(["/**", "~/a", "**/b"], LINKED), []);
});

Deno.test("followRules() resolves .. even after a missing directory", () => {
  assertEquals(leads(["/none/../bin/x", "/bin/x"], LINKED), ["/opt/x", "/opt/x"]);
});

Deno.test("followRules() does not follow circles, but watches their links", () => {
  const files = { "/l": { link: "k" }, "/k": { link: "l" } };
  assertEquals(leads(["/l/", "/a"], files), ["", ""]);
  assertEquals(watched(["/l/"], files), ["/l k", "/k l"]);
});

Deno.test("followRules() follows only links of root and of the effective user", () => {
  const files = {
    "/home/ann": { kind: "directory", uid: 1000 },
    "/home/ann/l": { link: "/usr", uid: 1000 },
    "/home/ann/r": { link: "/usr", uid: 0 },
    "/tmp/l": { link: "/usr", uid: 1001 },
    "/tmp/r": { link: "/usr", uid: 0 },
  } as const;
  const paths = ["/home/ann/l/", "/home/ann/r/", "/tmp/l/", "/tmp/r/"];
  assertEquals(leads(paths, files), ["", "", "", "/usr"]);
  assertEquals(leads(paths, files, 1000), ["/usr", "/usr", "", "/usr"]);
  assertEquals(watched(["/home/ann/l/"], files), []);
});

Deno.test("followRules() leaves paths below ~/ to the handler, up to a limit", () => {
  const paths = Array.from({ length: MAX_HOME_PARTS + 2 }, (_, i) => `~/${i}/*`);
  const { rules, limits } = follow(["~/", "~/*", "~/0/**", ...paths, "~/1/x/"], {});
  assertEquals(rules.slice(0, 4).map(({ leads_to }) => leads_to), [
    ...[undefined, undefined, "~/0", "~/0"],
  ]);
  assertEquals(rules.filter(({ leads_to }) => leads_to !== undefined).length, MAX_HOME_PARTS + 1);
  assertEquals(limits.map(({ rule }) => rule.path), [`~/${MAX_HOME_PARTS}/*`]);
  assert(limits[0]!.why.includes(`more than ${MAX_HOME_PARTS} paths below ~/`), limits[0]!.why);
});

Deno.test("followRules() limits the places that it looks at, and the links to watch", () => {
  const paths = Array.from({ length: MAX_PLACES }, (_, i) => `/opt/${i}`);
  const { rules, links, limits } = follow([...paths, "/bin/a"], LINKED);
  assertEquals([links, limits.map(({ rule }) => rule.path)], [[], ["/opt/999"]]);
  assertEquals([rules.length, rules.at(-1)!.leads_to], [paths.length + 1, undefined]);
  const few = follow([...paths.slice(0, 500), "/bin/a"], LINKED);
  assertEquals([few.links.map(({ path }) => path), few.limits], [["/bin"], []]);
  const files = Object.fromEntries(paths.map((path) => [path, { link: "/usr" }]));
  assertEquals(follow(paths.slice(0, 100), files).links.length, MAX_WATCHED);
});
