import { assert, assertEquals } from "@std/assert";
import type { Answer } from "../../lib/commands/answer.ts";
import { explain } from "../../lib/commands/explain.ts";
import { exitStatus } from "../../lib/failure.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { SITUATIONS } from "../explain/situations.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";
import { assertGolden } from "./golden.ts";

const DIRECTORY = new URL("../testdata/explain/", import.meta.url);

type Environment = Parameters<typeof explain>[1];

async function ask(program: string, environment: Environment, json = false): Promise<Answer> {
  const outcome = await explain({ kind: "explain", root: "", program, json }, environment);
  assert(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

for (const [name, { program, environment }] of Object.entries(SITUATIONS)) {
  Deno.test(`explain prints testdata/explain/${name}`, async () => {
    const { stdout, status } = await ask(program, environment);
    assertGolden(new URL(`${name}.txt`, DIRECTORY), `${stdout}[status ${status}]\n`);
    const json = await ask(program, environment, true);
    assertGolden(new URL(`${name}.json`, DIRECTORY), String(json.stdout));
    assertEquals(json.status, status);
  });
}

Deno.test("every file in testdata/explain belongs to a test", () => {
  const used = Object.keys(SITUATIONS).flatMap((name) => [`${name}.json`, `${name}.txt`]);
  const files = [...Deno.readDirSync(DIRECTORY)].map(({ name }) => name);
  assertEquals(files.sort(), [...used, "00-default.toml"].sort());
});

Deno.test("explain uses colours only on a terminal, and never with NO_COLOR", async () => {
  const { program, environment } = SITUATIONS["diagnostics"]!;
  const on = (variables: Record<string, string>) => ({
    ...bound(environment),
    isTerminal: () => true,
    variable: (name: string) => variables[name] ?? environment.variable(name),
  });
  const plain = String((await ask(program, environment)).stdout);
  const coloured = String((await ask(program, on({ TERM: "xterm" }))).stdout);
  assert(!plain.includes("\x1b"));
  assert(coloured.includes("\x1b[32m"), coloured);
  // deno-lint-ignore no-control-regex
  assertEquals(coloured.replaceAll(/\x1b\[\d+m/g, ""), plain);
  assertEquals((await ask(program, on({ NO_COLOR: "1" }))).stdout, plain);
});

/** The environment's methods as an object's own properties, so that it can be spread. */
function bound(environment: FakeEnvironment): Environment {
  return new Proxy({} as Environment, {
    ownKeys: () => Object.getOwnPropertyNames(FakeEnvironment.prototype).concat("root"),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    get: (_, key) => {
      const value = Reflect.get(environment, key);
      return typeof value === "function" ? value.bind(environment) : value;
    },
  });
}

Deno.test("explain fails with 127 for a missing file, 126 for an unreadable one", async () => {
  const environment = new FakeEnvironment({
    files: {
      "/secret": { content: headersOf("x86_64"), mode: 0o711, unreadable: true },
      "/directory/x": "",
    },
  });
  const statuses = [];
  for (const program of ["/none", "none", "/directory", "/secret"]) {
    const outcome = await explain({ kind: "explain", root: "", program, json: false }, environment);
    assert(!outcome.ok);
    statuses.push([program, exitStatus(outcome.failure), outcome.failure.code]);
  }
  assertEquals(statuses, [
    ["/none", 127, "not-found"],
    ["none", 127, "not-found"],
    ["/directory", 126, "not-a-program"],
    ["/secret", 126, "cannot-run"],
  ]);
});

Deno.test("explain --root describes only that root: its files, its layers, its links", () =>
  inTemporaryDirectory(async (root) => {
    for (const directory of ["bin", "etc", "opt", "usr/bin"]) {
      await Deno.mkdir(`${root}/${directory}`, { recursive: true });
    }
    await Deno.writeTextFile(
      `${root}/etc/binfmt-dispatcher.toml`,
      '[interpreters.q]\npath = "/usr/bin/q-{machine}"\n' +
        '[binaries.t]\npath = "/opt/"\ninterpreter = "q"\n',
    );
    const executable = { mode: 0o755 };
    await Deno.writeFile(`${root}/usr/bin/q-s390x`, headersOf(Deno.build.arch), executable);
    await Deno.writeFile(`${root}/opt/tool`, headersOf("s390x"), executable);
    await Deno.symlink("/opt/tool", `${root}/bin/tool`);
    const { stdout, status } = await ask("/bin/tool", new RealEnvironment(root), true);
    const report = JSON.parse(String(stdout));
    assertEquals(status, 0);
    assertEquals(report.program.canonical, "/opt/tool");
    assertEquals(report.rule, {
      id: "t",
      path: "/opt/",
      leads_to: null,
      file: "/etc/binfmt-dispatcher.toml",
      line: 4,
    });
    assertEquals(report.command.argv, ["/usr/bin/q-s390x", "/bin/tool"]);
    assertEquals(report.kind.elf.EI_DATA, 2);
    assertEquals(report.kernel.binfmt_misc, null);
    assertEquals(report.host.root, root);
  }));
