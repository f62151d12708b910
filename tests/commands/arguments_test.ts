import { assert, assertEquals } from "@std/assert";
import { parseCommand } from "../../lib/commands/arguments.ts";
import type { Command } from "../../lib/commands/command.ts";
import { COMMANDS } from "../../lib/commands/command_table.ts";

function command(...args: string[]): Command {
  const result = parseCommand(args);
  assert(result.ok, JSON.stringify(result));
  return result.value;
}

function fault(...args: string[]): string {
  const result = parseCommand(args);
  assert(!result.ok, JSON.stringify(result));
  assertEquals(result.failure.code, "usage");
  return `${result.failure.what}: ${result.failure.why} | ${result.failure.hint}`;
}

const READ: Readonly<Record<string, Partial<Command>>> = {
  "explain --json /bin/x --root=/r": { kind: "explain", root: "/r", program: "/bin/x", json: true },
  "run --with=qemu /bin/x --with y": {
    ...{ kind: "run", program: "/bin/x", args: ["--with", "y"], with: "qemu" },
  },
  "doctor --list kernel": { kind: "doctor", checks: ["kernel"], list: true, json: false },
  "--root /r config show": { kind: "config", root: "/r", action: "show", json: false, files: [] },
  "config check a b": {
    ...{ kind: "config", root: "", action: "check", json: false, files: ["a", "b"] },
  },
  "binfmt --machine arm --flags PO --machine=jar --direct --host=aarch64": {
    ...{ kind: "binfmt", root: "", machines: ["arm", "jar"], host: "aarch64" },
    ...{ flags: "PO", direct: true, handler: undefined },
  },
  "handler --symbols --tables /t --resolver=/r": {
    ...{ kind: "handler", host: undefined, resolver: "/r", tables: "/t" },
    ...{ symbols: true, fallbacks: [] },
  },
  "routes --dump --system": {
    ...{ kind: "routes", root: "", dump: true, format: undefined, system: true },
  },
  "completions fish": { kind: "completions", shell: "fish" },
};

Deno.test("parseCommand() reads each command with its options", () => {
  for (const [line, expected] of Object.entries(READ)) {
    assertEquals<Partial<Command>>(command(...line.split(" ")), expected, line);
  }
});

Deno.test("parseCommand() leaves a program's own arguments alone", () => {
  const run = (...args: string[]) => {
    const result = command("run", ...args);
    assert(result.kind === "run");
    return [result.program, ...result.args];
  };
  assertEquals(run("game"), ["game"]);
  for (
    const args of [
      ["./game", "--help", "-x", "--", "--json", ""],
      ["game", "true", "7", "--x=", "--machine="],
    ]
  ) assertEquals(run(...args), args);
  assertEquals(run("--", "-odd", "--", "a"), ["-odd", "--", "a"]);
  assertEquals(run("game", "--", "--", "a"), ["game", "--", "--", "a"]);
});

Deno.test("parseCommand() reads words such as true and 7 as operands", () => {
  assertEquals(command("explain", "--json", "true"), {
    kind: "explain",
    root: "",
    program: "true",
    json: true,
  });
  assertEquals((command("explain", "7") as { program: string }).program, "7");
  assertEquals((command("explain", "--", "--json") as { program: string }).program, "--json");
});

Deno.test("parseCommand() returns help and version, wherever they are requested", () => {
  for (const args of [["--version"], ["-V"], ["explain", "--version"], ["--version", "explain"]]) {
    assertEquals(command(...args), { kind: "version" });
  }
  const helped = (...args: string[]) => {
    const help = command(...args);
    assert(help.kind === "help");
    return help.entries.map(({ name }) => name);
  };
  assertEquals(helped("--help"), COMMANDS.map(({ name }) => name));
  for (const args of [["explain", "--help"], ["--help", "explain"], ["-h", "explain"]]) {
    assertEquals(helped(...args), ["explain"]);
  }
  assertEquals(helped("config", "check", "-h"), ["config check"]);
  assertEquals(helped("run", "--help", "game"), ["run"]);
  for (const args of [["config", "--help"], ["config", "-h"], ["--help", "config"]]) {
    assertEquals(helped(...args), ["config show", "config check", "config schema"]);
  }
  assertEquals(helped("vm", "--help"), ["vm start"]);
});

Deno.test("parseCommand() takes a first argument with a slash as an old entry's start", () => {
  assertEquals(command("/usr/bin/game", "", "--version", "--"), {
    kind: "registered",
    program: "/usr/bin/game",
    args: ["", "--version", "--"],
  });
  assertEquals(command("./game").kind, "registered");
  assertEquals(command("--root=/x", "config", "show").kind, "config");
});

Deno.test("parseCommand() says what is wrong and suggests what was meant", () => {
  const wrong: readonly (readonly [string[], string])[] = [
    [[], "parse the command line: no command given"],
    [["explian", "x"], "run “explian”: no such command | Did you mean “explain”?"],
    [["config"], "expected show, check, schema | Try “binfmt-dispatcher config --help”."],
    [["config", "--json"], "run “config”: no action given, expected show, check, schema"],
    [["config", "chek"], "“chek” is not one of show, check, schema | Did you mean “config check”?"],
    [["explain"], "run “explain”: PROGRAM is missing | Usage: binfmt-dispatcher explain PROGRAM"],
    [["run"], "run “run”: PROGRAM is missing | Usage: binfmt-dispatcher run PROGRAM [ARGUMENT…]"],
    [["run", "", "a"], "run “run”: an argument is empty | Usage: binfmt-dispatcher run PROGRAM"],
    [["config", "check", ""], "run “config check”: an argument is empty"],
    [["explain", "a", "b"], "run “explain”: unexpected argument “b”"],
    [["explain", "--jsn", "a"], "“--jsn”: explain has no such option | Did you mean “--json”?"],
    [["explain", "--no-json", "a"], "understand “--no-json”: explain has no such option"],
    [["--rot=/", "explain", "a"], "“--rot”: binfmt-dispatcher has no such option"],
    [
      ["explain", "-x", "a"],
      "explain has no such option | Try “binfmt-dispatcher explain --help”.",
    ],
    [["binfmt", "--machine"], "understand “--machine”: it needs a value: --machine=MACHINE"],
    [["binfmt", "--machine", "--direct"], "it needs a value: --machine=MACHINE"],
    [["binfmt", "--machine=", "x"], "understand “--machine=”: its value is empty"],
    [["--root=", "explain", "x"], "understand “--root=”: its value is empty"],
    [["vm", "start", "--root=/r"], "understand “--root”: vm start has no such option"],
    [["--root=/r", "install", "x"], "run “install”: it does not support --root"],
    [["completions", "bsh"], "“bsh” is not one of bash, zsh, fish | Did you mean “bash”?"],
    [["routes", "x"], "run “routes”: unexpected argument “x”"],
  ];
  for (const [args, words] of wrong) {
    const message = fault(...args);
    assert(message.includes(words), `${args.join(" ")}: ${message}`);
  }
});

Deno.test("parseCommand() decodes the name of the program that the handler could not start", () => {
  const started = (text: string) => {
    const parsed = parseCommand(["install", "--machine=--x", `--started=${text}`]);
    return parsed.ok && parsed.value.kind === "install" ? parsed.value.started : undefined;
  };
  assertEquals(started("/a%20b%C3%A4%0A"), "/a bä\n");
  assertEquals(started("--%2D"), "---");
  // What is not UTF-8 stays encoded.
  assertEquals(started("/x%FF"), "/x%FF");
});

Deno.test("parseCommand() accepts one argument and no option for privileged-install", () => {
  const need = (...args: string[]) => {
    const parsed = parseCommand(["privileged-install", ...args]);
    return parsed.ok && parsed.value.kind === "privileged-install" ? parsed.value.need : undefined;
  };
  assertEquals(need("fex@x86_64"), "fex@x86_64");
  assertEquals(need("--help"), "--help"); // an unknown ID
  for (const args of [[], ["a@b", "c"], ["a@b", "--root=/"], ["--root", "/", "a@b"]]) {
    assertEquals(need(...args), undefined);
  }
  // It is a command only as the first argument.
  assertEquals(parseCommand(["--root=/", "privileged-install", "a@b"]).ok, false);
});
