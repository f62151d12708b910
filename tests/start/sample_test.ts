import { assertEquals } from "@std/assert";
import { MACHINES } from "../../lib/elf/machines.ts";
import { sampleFacts } from "../../lib/install/subject.ts";
import { decideStart } from "../../lib/start/decide_start.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { sampleOf } from "../../lib/start/sample.ts";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { configOf } from "../config/load_config.ts";

const FORMATS = `
[formats.jar]
extension = "jar"
[formats.windows]
magic = 'MZ'
[formats.late]
magic = '\\x7f!'
offset = 100
[formats.dotnet]
magic = 'MZ'
clr = true
`;

Deno.test("sampleOf() gives a static program of each machine and a file of each format", () => {
  const environment = new FakeEnvironment({ files: { [ADMIN_LAYER]: FORMATS } });
  const { config } = loadConfig(environment, { user: false });
  for (const target of [...MACHINES.map(({ name }) => name), "jar", "windows", "late"]) {
    const facts = sampleFacts(config, { target, id: undefined }, environment)!;
    const decided = decideStart(facts, environment, false);
    const program = decided.ok ? decided.value.decision.program : undefined;
    assertEquals(program?.name, target);
    assertEquals(program?.linkage ?? "static", "static");
  }
});

Deno.test("sampleOf() gives nothing for unknown targets and programs with a CLR header", () => {
  const config = configOf(FORMATS);
  for (const target of ["vax", "dotnet", ""]) assertEquals(sampleOf(config, target), undefined);
});
