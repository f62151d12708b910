import { assertEquals } from "@std/assert";
import { followLinks } from "../lib/follow_links.ts";
import { RealEnvironment } from "../lib/real_environment.ts";
import { inTemporaryDirectory } from "../tasks/temporary_directory.ts";

const LINKS: Readonly<Record<string, string>> = {
  "/bin": "usr/bin",
  "/usr/bin/x": "/opt/x//bin/./x",
  "/opt/up": "../..",
  "/opt/x/dots": "../y/",
  "/loop": "loop/a",
  "/root": "/",
};
const follow = (path: string, last?: boolean) => followLinks(path, (each) => LINKS[each], last);

Deno.test("followLinks() follows all links of a path, relative ones from where they are", () => {
  assertEquals(follow("/bin/x"), "/opt/x/bin/x");
  assertEquals(follow("/bin/x", false), "/usr/bin/x");
  assertEquals(follow("/opt/up/bin"), "/usr/bin");
  assertEquals(follow("/opt/x/dots/a/"), "/opt/y/a");
  assertEquals([follow("/"), follow("/root"), follow("/root/bin/y")], ["/", "/", "/usr/bin/y"]);
});

Deno.test("followLinks() applies .. to a link's target, and stays below the root", () => {
  assertEquals(follow("/bin/../lib"), "/usr/lib");
  assertEquals(follow("/../..//a/./b"), "/a/b");
});

Deno.test("followLinks() gives up on loops and on more links than the kernel follows", () => {
  assertEquals(follow("/loop"), undefined);
  const chain = (n: number) =>
    followLinks("/0", (path) => {
      const i = Number(path.slice(1));
      return i < n ? String(i + 1) : undefined;
    });
  assertEquals([chain(40), chain(41)], ["/40", undefined]);
});

Deno.test("followLinks() finds the same paths as the kernel", () =>
  inTemporaryDirectory((directory) => {
    for (const path of ["a/b", "c"]) Deno.mkdirSync(`${directory}/${path}`, { recursive: true });
    const links = {
      "a/l": "../c/k",
      "c/k": `${directory}/a/./b`,
      m: "a/l/..",
      "a/b/up": "../../c",
    };
    for (const [path, target] of Object.entries(links)) {
      Deno.symlinkSync(target, `${directory}/${path}`);
    }
    const environment = new RealEnvironment("");
    for (const path of ["a/l", "m", "m/b/up/k", "a/l/up/../m", "c//k/", "."]) {
      const whole = `${directory}/${path}`;
      const found = followLinks(whole, (each) => environment.readLink(each));
      assertEquals([path, found], [path, Deno.realPathSync(whole)]);
    }
  }));
