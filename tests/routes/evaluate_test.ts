import { assert, assertEquals } from "@std/assert";
import { exitStatus } from "../../lib/failure.ts";
import { type Decision, evaluate } from "../../lib/routes/evaluate.ts";
import type { Facts } from "../../lib/routes/facts.ts";
import { buildElf } from "../elf/build_elf.ts";
import { format, interpreter, rule } from "./small_config.ts";
import { bytes, smallFacts, text } from "./small_facts.ts";
import { tableOf } from "./table_of.ts";

const TABLE = tableOf({
  defaults: ["a"],
  interpreters: {
    a: interpreter("/i/a", { env: { NEW: "{argv0}", OLD: "2" } }),
    b: interpreter("/i/b"),
    arm: interpreter("/i/arm", { machines: ["arm"] }),
    java: interpreter("/i/java", { machines: [] }),
  },
  formats: { jar: format({ extension: "jar", interpreter: ["java"] }) },
  rules: [rule("/a/prog", "b"), rule("~/x", "b"), rule("/link", "b")],
});
const PRESENT = ["/i/a", "/i/b", "/i/arm", "/i/java"];

function decide(facts: Facts): Decision {
  const decision = evaluate(TABLE, facts);
  assert(decision.ok);
  return decision.value;
}

/** The command's words, or the exit status and why. */
function outcome(facts: Facts): string {
  const { command, failure } = decide(facts);
  if (failure !== undefined) return `${exitStatus(failure)}: ${failure.why}`;
  return command!.argv.map(text).join(" ");
}

const somewhere = { canonical: bytes("/elsewhere/prog"), present: PRESENT };

Deno.test("evaluate() follows a rule for the canonical path, else for the path as given", () => {
  assertEquals(outcome(smallFacts({ present: PRESENT })), "/i/b ./prog x");
  assertEquals(outcome(smallFacts(somewhere)), "/i/a ./prog x");
  assertEquals(outcome(smallFacts({ ...somewhere, program: bytes("/link") })), "/i/b /link x");
  const program = bytes("link");
  assertEquals(
    outcome(smallFacts({ ...somewhere, program, canonical: bytes("/") })),
    "/i/a link x",
  );
});

Deno.test("evaluate() follows rules below home, but not for a privileged program", () => {
  const inHome = { ...somewhere, canonical: bytes("/home/u/x"), home: bytes("/home/u") };
  assertEquals(decide(smallFacts(inHome)).rule?.name, "~/x");
  assertEquals(decide(smallFacts({ ...inHome, secure: true })).rule?.index, 0);
  assertEquals(decide(smallFacts({ ...inHome, home: bytes("/home/u2") })).rule?.index, 0);
  assertEquals(decide(smallFacts({ ...inHome, home: undefined })).rule?.index, 0);
  assertEquals(
    decide(smallFacts({ ...inHome, canonical: bytes("//x"), home: bytes("/") })).rule?.index,
    0,
  );
});

Deno.test("evaluate() sets variables anew and keeps the others, in their order", () => {
  const env = ["OLD=1", "KEPT=1", "OLDER=1"];
  const { command, added } = decide(smallFacts({ ...somewhere, env }));
  assertEquals(command!.env.map(text), ["KEPT=1", "OLDER=1", "NEW=prog", "OLD=2"]);
  assertEquals(added.map(text), ["NEW=prog", "OLD=2"]);
});

Deno.test("evaluate() lets BINFMT_DISPATCHER_INTERPRETER pick", () => {
  const picked = (id: string, more = {}) =>
    smallFacts({ ...somewhere, env: [`BINFMT_DISPATCHER_INTERPRETER=${id}`], ...more });
  assertEquals(outcome(picked("b")), "/i/b ./prog x");
  assertEquals(decide(picked("b")).override, { id: "b", taken: true });
  assertEquals(outcome(picked("arm")), "/i/a ./prog x");
  assertEquals(decide(picked("arm")).override, { id: "arm", taken: false });
  const unknown = "BINFMT_DISPATCHER_INTERPRETER names “c”, which is configured nowhere";
  assertEquals(outcome(picked("c")), `125: ${unknown}`);
  assertEquals(outcome(picked("c", { secure: true })), "/i/a ./prog x");
  const none = "none of the interpreters for x86_64 programs can run it here";
  assertEquals(outcome(picked("b", { present: ["/i/a"] })), `127: ${none}`);
});

Deno.test("evaluate() knows kinds by extension or by their first bytes", () => {
  const jar = (program: string) =>
    outcome(smallFacts({ ...somewhere, program: bytes(program), file: bytes("PK") }));
  assertEquals(jar("/x/a.jar"), "/i/java /x/a.jar x");
  assertEquals(jar(".jar"), "/i/java .jar x");
  const unknown = "126: it is no kind of program that is known here";
  for (const program of ["a.JAR", "jar", "a.jar/b", "a.jar.", "a.xjar"]) {
    assertEquals(jar(program), unknown, program);
  }
  assertEquals(
    outcome(smallFacts({ file: buildElf({ machine: "x86_64" }).subarray(0, 19) })),
    unknown,
  );
});

Deno.test("evaluate() says why a program cannot be run", () => {
  const file = buildElf({ machine: "riscv64" });
  assertEquals(
    outcome(smallFacts({ file })),
    "127: no interpreter is configured for riscv64 programs",
  );
  const damaged = buildElf({ machine: "x86_64", interp: "/ld.so", filesz: 5000 });
  assertEquals(
    outcome(smallFacts({ file: damaged })),
    "126: PT_INTERP has 5000 bytes, expected at most 4096",
  );
  const foreign = outcome(smallFacts({ ...somewhere, foreign: ["/i/a", "/i/b"] }));
  assertEquals(foreign, "126: its interpreter /i/a is itself no program of this machine");
});

Deno.test("evaluate() tells of every candidate, also those after the chosen one", () => {
  const table = tableOf({
    defaults: ["a", "b", "c"],
    interpreters: { a: interpreter("/a"), b: interpreter("/b"), c: interpreter("/c") },
  });
  const decision = evaluate(table, smallFacts({ present: ["/b", "/c"] }));
  assert(decision.ok);
  const { candidates, chosen } = decision.value;
  assertEquals(candidates.map(({ verdict }) => verdict.kind), ["missing", "usable", "usable"]);
  assertEquals(chosen, candidates[1]);
});
