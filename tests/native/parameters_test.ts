import { assertThrows } from "@std/assert";
import type { Variable } from "../../lib/native/language.ts";
import { checkArguments, checkParameters } from "../../lib/native/parameters.ts";

const variable = (name: string): Variable => ({ kind: "variable", name });
const a = variable("a"), b = variable("b");

Deno.test("checkParameters() accepts different parameters up to a limit", () => {
  checkParameters("f", [], 2);
  checkParameters("f", [a, b], 2);
  const three = [a, b, variable("a")];
  const said = "parameters of procedure “f”: 3";
  assertThrows(() => checkParameters("f", three, 2), RangeError, said);
  checkParameters("f", three, 3);
  assertThrows(() => checkParameters("f", [a, a], 2), TypeError, "it has a parameter twice");
});

Deno.test("checkArguments() accepts only the right number of arguments", () => {
  checkArguments("f", 0, 0);
  checkArguments("f", 2, 2);
  for (const given of [1, 3]) {
    const said = `Cannot call f: it takes 2 arguments, not ${given}`;
    assertThrows(() => checkArguments("f", 2, given), TypeError, said);
  }
});
