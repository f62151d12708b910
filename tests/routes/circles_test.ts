import { assertEquals } from "@std/assert";
import type { Rule } from "../../lib/config/config.ts";
import { sortRules } from "../../lib/config/sort_rules.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { findCircles } from "../../lib/routes/circles.ts";
import { effective, interpreter, smallConfig } from "./small_config.ts";

const INTERPRETERS = {
  a: interpreter("/bin/a"),
  b: interpreter("/bin/b", { path: ["/bin/b", "~/b"] }),
  c: interpreter("/bin/c-{machine}", { machines: ["x86_64", "riscv64"] }),
  unused: interpreter("/bin/unused", { machines: [] }),
};

const rule = (id: string, path: string, interpreter: string, layer = 0): Rule => (
  { id, path, interpreter: interpreter.split(" "), layer }
);

function config(...rules: readonly Rule[]) {
  return smallConfig({ interpreters: INTERPRETERS, rules: sortRules(rules) });
}

/** Each refused rule with its reason. */
function circles(...rules: readonly Rule[]): string[] {
  return [...findCircles(config(...rules))].map(([{ id, path }, why]) => `${id} ${path}: ${why}`)
    .sort();
}

Deno.test("findCircles() finds two interpreters of which each is to run the other", () => {
  assertEquals(
    circles(rule("x", "/bin/a", "b"), rule("y z", "/bin/b", "a"), rule("z", "/x", "a")),
    [
      'x /bin/a: it would have /bin/a run by b, which [binaries."y z"] has run by a',
      "y z /bin/b: it would have /bin/b run by a, which [binaries.x] has run by b",
    ],
  );
  assertEquals(circles(rule("x", "/bin/a", "c b"), rule("y", "~/b", "c a")).length, 2);
});

Deno.test("findCircles() finds one that is to run itself, and longer circles", () => {
  assertEquals(circles(rule("x", "/bin/a", "b a")), [
    "x /bin/a: it would have /bin/a run by itself",
  ]);
  assertEquals(
    circles(
      rule("x", "/bin/a", "b"),
      rule("y", "/bin/b", "c"),
      rule("z", "/bin/c-riscv64", "a"),
      rule("lead", "/bin/unused", "a"),
    ),
    [
      "x /bin/a: it would have /bin/a run by b, which [binaries.y] has run by c, " +
      "and so on in a circle",
      "y /bin/b: it would have /bin/b run by c, which [binaries.z] has run by a, " +
      "and so on in a circle",
      "z /bin/c-riscv64: it would have /bin/c-riscv64 run by a, which [binaries.x] has run by b, " +
      "and so on in a circle",
    ],
  );
});

Deno.test("findCircles() leaves what only leads to a circle, or ends", () => {
  assertEquals(circles(rule("x", "/bin/a", "b"), rule("y", "/bin/b", "c")), []);
  assertEquals(circles(rule("x", "/bin/a", "a"), rule("y", "/bin/b", "a")).length, 1);
  assertEquals(circles(rule("x", "/bin/unused", "unused"), rule("y", "/bin/c-arm", "c")), []);
  assertEquals(circles(rule("x", "/bin/a", "gone"), rule("y", "/bin/gone", "a")), []);
});

Deno.test("findCircles() leaves folders and patterns that cover an interpreter", () => {
  assertEquals(
    circles(rule("x", "/bin/", "a"), rule("y", "/**", "b"), rule("z", "/bin/?", "a")),
    [],
  );
});

Deno.test("findCircles() counts the rule that is asked, of several for one path", () => {
  const [x, y] = [rule("x", "/bin/a", "b"), rule("y", "/bin/b", "a")];
  assertEquals(circles(x, y, rule("z", "/bin/b", "c", 1)), []);
  // Where it is refused the next is asked, and that may make a circle in turn.
  assertEquals(circles(rule("w", "/bin/a", "a", 1), x, y).length, 3);
  const many = Array.from({ length: 100 }, (_, i) => rule(`w${i}`, "/bin/a", "a", 1));
  assertEquals(circles(...many, x, y).length, 102);
});

Deno.test("compileRoutes() does without rules in circles, in their order", () => {
  const all = config(
    rule("x", "/bin/a", "b"),
    rule("y", "/bin/b", "a"),
    rule("odd", "relative", "a"),
    rule("z", "/x", "a"),
  );
  const compiled = compileRoutes(effective(all));
  assertEquals(compiled.ok && compiled.value.refused.map(({ id }) => id), ["odd", "x", "y"]);
});
