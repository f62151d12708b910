import { assert, assertEquals } from "@std/assert";
import {
  foreignPlaces,
  isSnakeCase,
  longFunctions,
  longLines,
  MAX_COLUMNS,
  MAX_FILE_LINES,
  MAX_FUNCTION_LINES,
  partner,
  strayEdges,
  strayTodos,
} from "./tidy_checks.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** Files over MAX_FILE_LINES that are pure tables. */
const TABLES: readonly string[] = [
  "lib/elf/machines.ts",
  "lib/native/syscalls.ts",
  "lib/handler/linux.ts",
  "lib/commands/command_table.ts",
];

/** Files below lib/ without their own tests, and why. */
const UNTESTED: Readonly<Record<string, string>> = {
  "lib/commands/answer.ts": "only types",
  "lib/config/config.ts": "only types",
  "lib/config/limits.ts": "only constants",
  "lib/config/unplaced_diagnostic.ts": "only types",
  "lib/commands/command.ts": "only types",
  "lib/doctor/check.ts": "types, and what makes values of them",
  "lib/doctor/facts.ts": "only types",
  "lib/environment.ts": "only types",
  "lib/install/command_line.ts": "only types",
  "lib/install/asker.ts": "only types",
  "lib/install/dialogs/dialog.ts": "only types",
  "lib/install/dialogs/dialog_settings.ts": "only constants",
  "lib/install/managers/manager.ts": "only types",
  "lib/handler/system/signals.ts": "only constants",
  "lib/native/language.ts": "only types",
  "lib/native/machine.ts": "only types",
  "lib/paths.ts": "only constants",
  "lib/routes/format.ts": "only constants; its writer's and readers' tests use them all",
  "lib/start/decision.ts": "only types",
  "lib/start/facts.ts": "only types",
  "lib/compiler/body.ts": "only types",
  "lib/handler/options.ts": "only constants",
};

/** The tests that each show several files of lib/ at once. */
const SHOWN_BY: Readonly<Record<string, readonly string[]>> = {
  "tests/routes/differential_test.ts": [
    ...["candidates", "choose", "compile", "kinds"],
    ...["targets", "table", "template", "writer"],
  ].map((name) => `lib/routes/${name}.ts`).concat(
    ["decide", "collector", "facts_kernel"].map((name) => `lib/start/${name}.ts`),
  ),
  "tests/handler/system/find_table_test.ts": [
    ...["caches", "lock", "make_table", "own_directories", "stat_cache"],
    ...["table_file", "terminals"],
  ].map((name) => `lib/handler/system/${name}.ts`),
  "tests/handler/system/child_command_test.ts": ["clean", "keys", "waiting"]
    .map((name) => `lib/handler/system/${name}.ts`),
  "tests/differential/handler_test.ts": [
    ...["arena", "dotnet", "environment", "forwarded", "guest_words", "home", "interpreter"],
    ...["muvm", "path_template", "requirements", "table", "working_directory"],
  ].map((name) => `lib/handler/decide/${name}.ts`),
  "tests/handler/main_test.ts": ["bytes", "linux", "outside", "report", "image", "pointers"]
    .map((name) => `lib/handler/${name}.ts`),
  "tests/handler/decide/program_test.ts": ["lib/handler/system/execute.ts"],
  "tests/start/script_test.ts": ["lib/handler/decide/shebang.ts"],
  "tests/commands/handler_test.ts": ["lib/commands/handler_code.ts"],
  "tests/security/words_test.ts": ["lib/handler/system/debug.ts"],
  "tests/muvm/start_test.ts": ["lib/handler/system/muvm_machine.ts"],
  "tests/muvm/input_test.ts": [
    "lib/handler/decide/standard_input.ts",
    "lib/handler/system/muvm_input.ts",
  ],
  "tests/muvm/output_test.ts": ["lib/handler/system/relay.ts"],
  "tests/compiler/agreement_test.ts": [
    ...["arithmetic", "assignment", "call", "callees", "condition", "constants"],
    ...["counter", "expression", "function_body", "globals", "intrinsics", "kind", "loop"],
    ...["modules", "scope", "statement", "support", "switch", "system_call", "unit"],
    ...["value", "walk"],
  ].map((name) => `lib/compiler/${name}.ts`),
  "tests/compiler/refusals_test.ts": ["lib/compiler/unsupported.ts", "lib/compiler/refusal.ts"],
  "tests/install/polkit_test.ts": ["as_root", "terminal_agent"]
    .map((name) => `lib/install/${name}.ts`),
  "tests/install/install_test.ts": [
    "lib/commands/install.ts",
    ...["ask_manager", "find_asker", "install_packages", "interruption", "terminal_asker"]
      .map((name) => `lib/install/${name}.ts`),
    ...["nothing_to_offer", "run_command"].map((name) => `lib/install/${name}.ts`),
  ],
  "tests/install/display_test.ts": ["display_asker", "later_processes"]
    .map((name) => `lib/install/${name}.ts`),
  "tests/install/privileged_test.ts": ["lib/commands/privileged_install.ts"],
  "tests/commands/open_test.ts": ["lib/start/is_native.ts"],
  "tests/commands/explain_test.ts": [
    "lib/start/decide_start.ts",
    "lib/explain/ask_handler.ts",
    "lib/explain/as_told.ts",
  ],
  "tests/binfmt/direct_test.ts": ["lib/start/sample_facts.ts"],
  "tests/explain/kernel_test.ts": ["lib/binfmt/takes.ts"],
  "tests/commands/doctor_test.ts": [
    ...["all_checks", "desktop_facts", "entries_seen", "gather", "ids", "json", "muvm_facts"],
    "text",
  ].map((name) => `lib/doctor/${name}.ts`),
  "tests/commands/config_test.ts": ["lib/explain/faults.ts"],
  "tests/explain/kernel_words_test.ts": ["lib/explain/kernel_commands.ts"],
};

/** Bytes. */
const MAX_SIZE = 256 * 1024;

/** This checkout, directories of build machines, root's caches, package registries. */
const PLACES = [
  ROOT,
  ...["/work/", "/workspace/", "/builds/", "/root/.cache", "/root/.deno", "../shared"],
  ...[
    "registry.npmjs.org",
    "pypi.org",
    "crates.io",
    "deb.debian.org",
    "proxy.golang.org",
    "jsr.io",
  ],
];

function run(program: string, ...args: string[]): string {
  const options = { args, cwd: ROOT, stderr: "inherit" } as const;
  const { success, stdout } = new Deno.Command(program, options).outputSync();
  assert(success, `${program} ${args.join(" ")}`);
  return new TextDecoder().decode(stdout);
}

/** The project's files, including new ones, but not those that git ignores. */
const files = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
  .split("\0").filter((path) => path !== "" && isThere(path)).sort();

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(ROOT + path).isFile;
  } catch {
    return false; // removed, but still in git's index
  }
}

const text = (path: string) => Deno.readTextFileSync(ROOT + path);
const code = files.filter((path) => path.endsWith(".ts") && !path.startsWith("tests/testdata/"));
const lib = code.filter((path) => path.startsWith("lib/"));

type Check = (path: string, text: string) => string[];

function offences(paths: readonly string[], check: Check): string[] {
  return paths.flatMap((path) => check(path, text(path)));
}

Deno.test("the checks find what they look for", () => {
  const long = `function f() {${"\n".repeat(MAX_FUNCTION_LINES)}}`;
  assertEquals(longFunctions("a.ts", `\n${long}`), ["a.ts:2: a function of 71 lines"]);
  assertEquals(longFunctions("a.ts", `class A { f() {${"\n".repeat(70)}} }`).length, 1);
  assertEquals(longFunctions("a.ts", long.replace("\n", "")), []);
  assertEquals(longLines("a.ts", `${"–".repeat(MAX_COLUMNS)}\n${"x".repeat(101)}`), [
    "a.ts:2: 101 columns",
  ]);
  assertEquals(strayEdges("lib/a.ts", `/* Deno.exit */ Deno.exit(1);\nconsole.log("console");`), [
    "lib/a.ts:1: Deno.exit outside of main.ts",
    "lib/a.ts:2: console outside of lib/output.ts",
  ]);
  assertEquals(strayEdges("lib/a.ts", `new Deno.Command("a")`).length, 1);
  assertEquals(strayEdges("main.ts", "Deno.exit(0)"), []);
  const todo = ["TO", "DO"].join("");
  assertEquals(strayTodos("a.ts", `// ${todo}: b\n// ${todo}(#12): b`), [
    `a.ts:1: ${todo} without a reference`,
  ]);
  assertEquals(foreignPlaces("a.md", "x\nin /here/y", ["/here/"]), ["a.md:2: names “/here/”"]);
  assertEquals(["ab_c1.ts", "Ab.ts", "a-b.ts"].map(isSnakeCase), [true, false, false]);
});

Deno.test("no function has more than 70 lines", () => {
  assertEquals(offences(code, longFunctions), []);
});

Deno.test("no line has more than 100 columns", () => {
  const written = [
    ...code,
    ...files.filter((path) => /(?:\.c|\.sh|^dev|\/run|\/registrar)$/.test(path)),
  ];
  assertEquals(offences(written, longLines), []);
});

Deno.test("no file in lib/ has more than 300 lines, pure tables apart", () => {
  const long = lib.filter((path) =>
    !TABLES.includes(path) && text(path).split("\n").length - 1 > MAX_FILE_LINES
  );
  assertEquals(long, []);
});

Deno.test("Deno.exit, Deno.Command and console are used in one known place each", () => {
  assertEquals(offences([...lib, "main.ts"], strayEdges), []);
});

Deno.test("every file in lib/ has its test", () => {
  const excepted = [...Object.keys(UNTESTED), ...Object.values(SHOWN_BY).flat()];
  const untested = lib.filter((path) => !files.includes(partner(path)));
  assertEquals(untested.filter((path) => !excepted.includes(path)), []);
  assertEquals(excepted.filter((path) => !lib.includes(path)), []);
  assertEquals(Object.keys(SHOWN_BY).filter((path) => !files.includes(path)), []);
});

Deno.test("every file in lib/ is part of the program", () => {
  // A task starts the compiler, which compiles the handler from its own files.
  const entries = ["main.ts", "lib/handler/main.ts", "tasks/compile.ts"];
  const used = new Set(entries.flatMap((entry) => {
    const { modules } = JSON.parse(run(Deno.execPath(), "info", "--json", entry)) as {
      modules: { specifier: string }[];
    };
    return modules.map(({ specifier }) => specifier);
  }));
  // Only tests use @std/assert.
  const dead = lib.filter((path) =>
    path !== "lib/std/assert/mod.ts" && !used.has(new URL(`../${path}`, import.meta.url).href)
  );
  assertEquals(dead, []);
});

Deno.test("TypeScript files are named in snake_case", () => {
  assertEquals(code.filter((path) => !isSnakeCase(path)), []);
});

Deno.test("every TO-DO refers to an issue or URL", () => {
  assertEquals(offences(code, strayTodos), []);
});

Deno.test("no file has more than 256 KiB", () => {
  assertEquals(files.filter((path) => Deno.statSync(ROOT + path).size > MAX_SIZE), []);
});

Deno.test("files that begin with #! are executable, and no others", () => {
  const wrong = files.filter((path) => {
    const executable = ((Deno.statSync(ROOT + path).mode ?? 0) & 0o111) !== 0;
    const head = new TextDecoder().decode(Deno.readFileSync(ROOT + path).subarray(0, 2));
    return executable !== (head === "#!");
  });
  assertEquals(wrong, []);
});

Deno.test("no file shows on which machine it was written or names a package registry", () => {
  const others = files.filter((path) => path !== "tests/tidy_test.ts");
  assertEquals(offences(others, (path, text) => foreignPlaces(path, text, PLACES)), []);
});
