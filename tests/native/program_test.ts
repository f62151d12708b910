import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "../abilities.ts";
import { execute, neededFor, TARGETS } from "./execute.ts";
import { interpret, randomProgram, translate } from "./random_program.ts";

const SEED = 20261122;

for (const target of TARGETS) {
  test({
    name: `Program does on ${target} what the interpreter of its statements does`,
    needs: neededFor(target),
    fn() {
      fc.assert(
        fc.property(randomProgram, (program) => {
          const { status, stdout } = execute(target, translate(program, target));
          assertEquals(status, 0);
          assertEquals(stdout, interpret(program));
        }),
        { seed: SEED, numRuns: 300 },
      );
    },
  });
}
