import { assertEquals } from "@std/assert";
import { concat, dataHome, folder, startsWith, variable } from "../../lib/routes/facts.ts";
import { bytes, smallFacts } from "./small_facts.ts";

Deno.test("variable() finds the first of a name, also an empty one", () => {
  const facts = smallFacts({ env: ["AB=1", "A=", "A=2", "B"] });
  assertEquals(variable(facts, "A"), bytes(""));
  assertEquals(variable(facts, "AB"), bytes("1"));
  assertEquals(variable(facts, "B"), undefined);
});

Deno.test("variable() trusts nothing of a caller of a privileged program", () => {
  assertEquals(variable(smallFacts({ env: ["A=1"], secure: true }), "A"), undefined);
});

Deno.test("folder() takes absolute paths only", () => {
  assertEquals(folder(smallFacts({ env: ["HOME=/h"] }), "HOME"), bytes("/h"));
  for (const env of ["HOME=", "HOME=h", "HOME=~"]) {
    assertEquals(folder(smallFacts({ env: [env] }), "HOME"), undefined);
  }
});

Deno.test("dataHome() is below HOME where XDG_DATA_HOME is of no use", () => {
  assertEquals(dataHome(smallFacts({ env: ["HOME=/h", "XDG_DATA_HOME=/d"] })), bytes("/d"));
  assertEquals(
    dataHome(smallFacts({ env: ["HOME=/h", "XDG_DATA_HOME=d"] })),
    bytes("/h/.local/share"),
  );
  assertEquals(dataHome(smallFacts()), undefined);
});

Deno.test("concat() and startsWith() work on bytes", () => {
  assertEquals(concat(bytes("a"), bytes(""), bytes("é")), bytes("aé"));
  assertEquals(startsWith(bytes("ab"), bytes("ab")), true);
  assertEquals(startsWith(bytes("ab"), bytes("abc")), false);
  assertEquals(startsWith(bytes("ab"), bytes("b")), false);
});
