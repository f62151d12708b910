import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Answer } from "../../lib/commands/answer.ts";
import type { Config } from "../../lib/commands/command.ts";
import { config } from "../../lib/commands/config.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";

const GOOD = '[interpreters.fex]\npath = "/usr/bin/FEX"\n[defaults]\ninterpreter = "fex"\n';
const ETC = "/etc/binfmt-dispatcher.toml";

async function run(
  action: Config["action"],
  files: NonNullable<FakeSystem["files"]>,
  operands: readonly string[] = [],
  json = false,
): Promise<Answer> {
  const command: Config = { kind: "config", root: "", action, json, files: operands };
  const outcome = await config(command, new FakeEnvironment({ files }));
  assert(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

Deno.test("config show prints TOML, and JSON if asked", async () => {
  assertStringIncludes(String((await run("show", { [ETC]: GOOD })).stdout), `# ${ETC}:2\n`);
  const json = JSON.parse(String((await run("show", { [ETC]: GOOD }, [], true)).stdout));
  assertEquals(json.version, 2);
});

Deno.test("config check exits with 0 if nothing is wrong", async () => {
  assertEquals(await run("check", { [ETC]: GOOD }), {
    stdout: "No errors or warnings in 1 layer\n",
  });
});

Deno.test("config check prints each fault, and exits with 1 if one is an error", async () => {
  assertEquals(await run("check", { [ETC]: `${GOOD}log_level = "wran"\n` }), {
    stdout:
      `${ETC}:5: defaults.log_level: found “wran”, expected one of trace, debug, info, warn, ` +
      "error, off (did you mean “warn”?)\n",
    status: 1,
  });
  const warned = await run("check", { [ETC]: `${GOOD}[muvm]\npaht = "/x"\n` });
  assertEquals(warned.status, 0);
  assertStringIncludes(String(warned.stdout), `${ETC}:6: warning: muvm.paht: unknown key`);
});

Deno.test("config check lists rules that are missing from the route table", async () => {
  const hostile = `/${"{a,b}".repeat(10)}`;
  const rule = `[binaries.x]\npath = ["/a", "${hostile}"]\ninterpreter = "fex"\n`;
  const { stdout, status } = await run("check", { [ETC]: GOOD + rule });
  assertEquals(status, 1);
  assertStringIncludes(String(stdout), `${ETC}:6: binaries.x.path: “${hostile}”: `);
  const files = { [ETC]: GOOD + rule, "/new.toml": GOOD };
  assertEquals((await run("check", files, ["/new.toml"])).status, undefined);
  assertEquals((await run("check", { [ETC]: GOOD, "/new.toml": rule }, ["/new.toml"])).status, 1);
});

Deno.test("config check FILE reports only that file, on top of the system's layers", async () => {
  const files = {
    [ETC]: `${GOOD}log_level = 1\n`,
    "/new.toml": '[binaries.x]\npath = "/x"\ninterpreter = "fex"\n',
    "/bad.toml": '[binaries.x]\npath = "/x"\ninterpreter = "fx"\n',
  };
  assertEquals(await run("check", files, ["new.toml"]), {
    stdout: "No errors or warnings in 1 layer\n",
  });
  const bad = await run("check", files, ["/bad.toml", "/new.toml"]);
  assertEquals(bad.status, 1);
  assertEquals(
    bad.stdout,
    "/bad.toml:3: binaries.x.interpreter: “fx” is not a known interpreter, ignoring it " +
      "(did you mean “fex”?)\n",
  );
  assertEquals((await run("check", files, [ETC])).status, 1);
});

Deno.test("config check FILE fails if the file does not exist", async () => {
  const command: Config = {
    kind: "config",
    root: "",
    action: "check",
    json: false,
    files: ["/none"],
  };
  const outcome = await config(command, new FakeEnvironment());
  assert(!outcome.ok);
  assertEquals([outcome.failure.code, outcome.failure.what], ["unreadable", "check “/none”"]);
});

Deno.test("config schema prints config/schema.json", async () => {
  const kept = await Deno.readTextFile(new URL("../../config/schema.json", import.meta.url));
  assertEquals((await run("schema", {})).stdout, kept);
});

Deno.test("config check and config show escape control characters in a layer's name", async () => {
  const odd = "/etc/binfmt-dispatcher.d/a\x1b[2J\n[x].toml";
  const shown = "/etc/binfmt-dispatcher.d/a\\u001b[2J\\u000a[x].toml";
  const { stdout } = await run("check", { [odd]: 'log_level = "wran"\n' });
  assertStringIncludes(String(stdout), `${shown}:1: `);
  const { stdout: toml } = await run("show", { [odd]: GOOD });
  assertStringIncludes(String(toml), `#   ${shown}: read\n`);
  assertStringIncludes(String(toml), `  # ${shown}:2\n`);
  assert(!`${stdout}${toml}`.includes("\x1b"));
});
