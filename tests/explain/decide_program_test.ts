import { assert, assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load.ts";
import { decideAsTold } from "../../lib/explain/as_told.ts";
import { decideProgram } from "../../lib/explain/decide_program.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { gather } from "../../lib/start/gather.ts";
import { headersOf } from "../programs.ts";
import { type Situation, situation, SITUATIONS } from "./situations.ts";
import { TABLE } from "./told.ts";

function decided({ program, environment }: Situation) {
  const gathered = gather(program, environment);
  assert(gathered.ok);
  const effective = loadConfig(environment, { user: true });
  return { effective, gathered: gathered.value, environment, program };
}

Deno.test("decideProgram() decides the same as the whole table", () => {
  for (const [name, each] of Object.entries(SITUATIONS)) {
    const { effective, gathered, environment } = decided(each);
    const compiled = compileRoutes(effective);
    assert(compiled.ok);
    const { table } = compiled.value;
    const [start] = decideAsTold(table, [gathered.facts], [gathered.path], environment).starts;
    const found = decideProgram(gathered, effective, environment);
    assertEquals(
      found.ok && found.value.decision,
      start!.decision.ok && start!.decision.value,
      name,
    );
  }
});

Deno.test("decideProgram() compiles the whole table unless the handler has one", () => {
  const args = Array.from({ length: 10 }, () => JSON.stringify("x".repeat(4000)));
  const paths = Array.from({ length: 500 }, (_, i) => JSON.stringify(`/${i}`));
  const layer = `
[interpreters.large]
machines = ["i386"]
path = [${paths}]
args = [${args}]
`;
  const files = {
    "/etc/binfmt-dispatcher.toml": layer,
    "/p": { content: headersOf("x86_64"), mode: 0o755 },
  };
  const result = (facts: readonly typeof TABLE[]) => {
    const { gathered, effective, environment } = decided(situation("/p", files, { facts }));
    return decideProgram(gathered, effective, environment);
  };
  const withoutTable = result([]);
  assert(!withoutTable.ok);
  assertEquals(withoutTable.failure.code, "config");
  assert(result([TABLE]).ok);
});
