import { assert, assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load.ts";
import { sampled } from "../../lib/doctor/samples.ts";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { told } from "../explain/told.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";

const LAYER = `[defaults]
interpreter = ["fixed", "linked"]
[interpreters.fixed]
path = "/bin/fixed"
machines = ["x86_64"]
linkage = "static"
[interpreters.linked]
path = "/bin/linked"
machines = ["x86_64"]
linkage = "dynamic"
[formats.jar]
extension = "jar"
interpreter = "fixed"
`;

Deno.test("sampled() says what runs static and dynamic programs, and formats", () => {
  const sample = (errno: number) => {
    const facts = [["access", "/bin/fixed", `${errno}`], ["noexec", "/bin/fixed", ""]] as const;
    const environment = new FakeEnvironment({
      files: { [ADMIN_LAYER]: LAYER, "/bin/fixed": { content: headersOf("aarch64"), mode: 0o755 } },
      told: told({ entries: [], facts }),
    });
    const effective = loadConfig(environment, { user: false });
    const compiled = compileRoutes(effective);
    assert(compiled.ok);
    const sampling = { effective, compiled: compiled.value, environment };
    return sampled(["x86_64", "jar", "none"], sampling);
  };
  const samples = sample(0);
  assertEquals(
    samples.map(({ target, linkage, failure, report }) => [
      ...[target, linkage, failure?.code],
      report.candidates.find(({ verdict }) => verdict === "chosen")?.interpreter,
    ]),
    [
      ["x86_64", "static", undefined, "fixed"],
      ["x86_64", "dynamic", "no-interpreter", undefined],
      ["jar", undefined, undefined, "fixed"],
    ],
  );
  // An interpreter that this user cannot execute runs nothing.
  const chosen = sample(13).map(({ report }) =>
    report.candidates.some(({ verdict }) => verdict === "chosen")
  );
  assertEquals(chosen, [false, false, false]);
});
