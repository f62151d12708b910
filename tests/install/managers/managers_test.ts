import { assert, assertEquals, assertThrows } from "@std/assert";
import { MANAGERS } from "../../../lib/install/managers/managers.ts";
import deno from "../../../deno.json" with { type: "json" };

/** The program has permission to start no others. */
const PROGRAMS = deno.permissions.default.run;

Deno.test("each manager is listed under its own name", () => {
  for (const [name, manager] of Object.entries(MANAGERS)) assertEquals(manager.name, name);
});

Deno.test("docs/configuration.md and the schema name each manager", () => {
  const places = {
    "docs/configuration.md": /The managers are ([^;]*)/,
    "config/schema.json": /by package manager \(([^)]*)\)/,
  };
  for (const [path, list] of Object.entries(places)) {
    const text = Deno.readTextFileSync(new URL(`../../../${path}`, import.meta.url));
    const named = list.exec(text)![1]!.match(/[a-z][a-z-]+/g)!;
    assertEquals(Object.keys(MANAGERS).filter((name) => !named.includes(name)), [], path);
  }
});

Deno.test("every command line starts an allowed program, and ends with the names", () => {
  for (const manager of Object.values(MANAGERS)) {
    for (const program of manager.programs) {
      const names = ["one", "two"];
      const lines = [...manager.queries(program, names), manager.install(program, names)];
      for (const { path, args } of lines) {
        assert(PROGRAMS.includes(path), path);
        assertEquals(args.slice(-2), names);
      }
      for (const { path, args } of manager.fileQueries(program, "/usr/lib/a")) {
        assert(PROGRAMS.includes(path), path);
        assert(/^(?:--file=)?\/usr\/lib\/a$/.test(args.at(-1) ?? ""));
      }
    }
  }
});

Deno.test("only package names and plain paths reach a command line", () => {
  for (const manager of Object.values(MANAGERS)) {
    const program = manager.programs[0]!;
    for (const name of ["--help", "box64-", "./x", ""]) {
      assertThrows(() => manager.install(program, ["a", name]), Error, "package");
      assertThrows(() => manager.queries(program, ["a", name]), Error, "package");
    }
    for (const path of ["-x", "/a*", "/a,/b"]) {
      assertEquals(manager.fileQueries(program, path), []);
    }
  }
});

Deno.test("only image-based systems need a restart", () => {
  const restarts = Object.values(MANAGERS).filter(({ restart }) => restart);
  assertEquals(restarts.map(({ name }) => name), ["rpm-ostree"]);
});

Deno.test("`--` precedes the names for all managers known to accept it", () => {
  const without = Object.values(MANAGERS).filter((manager) =>
    !manager.install(manager.programs[0]!, ["a"]).args.includes("--")
  );
  assertEquals(without.map(({ name }) => name), ["dnf", "rpm-ostree"]);
});
