import { assert, assertEquals } from "@std/assert";
import { gather, type Gathered } from "../../lib/start/gather.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { OVERRIDE } from "../../lib/handler/decide/override.ts";
import { inTemporaryDirectory } from "../../tasks/temporary_directory.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

function look(program: string, system: FakeSystem): Gathered {
  const found = gather(program, new FakeEnvironment(system));
  assert(found.ok);
  return found.value;
}

Deno.test("gather() distinguishes the kernel's path, argv[0] and the canonical path", () => {
  const { path, canonical, executable, facts } = look("tool", {
    files: { "/opt/tool": { content: "", mode: 0o755 }, "/bin/tool": { link: "/opt/tool" } },
    variables: { PATH: "/bin" },
  });
  assertEquals([path, canonical, executable], ["/bin/tool", "/opt/tool", true]);
  assertEquals([facts.program, facts.argv0, facts.canonical].map(text), [
    "/bin/tool",
    "tool",
    "/opt/tool",
  ]);
});

Deno.test("gather() gives the variables that affect a decision, and resolves HOME", () => {
  const { facts } = look("/x", {
    files: {
      ...{ "/x": "", "/u": { link: "/home/u" } },
      "/home/u": { kind: "directory", uid: 7 },
    },
    variables: {
      HOME: "/u",
      XDG_DATA_HOME: "",
      TERM: "xterm",
      XDG_RUNTIME_DIR: "/run",
      [OVERRIDE]: "q",
    },
    uid: 7,
  });
  assertEquals(facts.env.map(text), [
    "HOME=/u",
    "XDG_DATA_HOME=",
    "XDG_RUNTIME_DIR=/run",
    "BINFMT_DISPATCHER_INTERPRETER=q",
  ]);
  const directory = (path: string) => text(facts.directory(new TextEncoder().encode(path)));
  assertEquals([directory("/u"), directory("/x"), directory("/nowhere"), facts.euid], [
    ...["/home/u", undefined, undefined, 7],
  ]);
});

Deno.test("gather() reads the header, and a script's first line", () => {
  const elf = look("/x", { files: { "/x": { content: headersOf("s390x") } } });
  assertEquals("machine" in elf.elf && elf.elf.machine?.name, "s390x");
  assertEquals(elf.executable, false);
  const script = look("/x", { files: { "/x": "#!/bin/sh\n" } });
  assertEquals(script.script?.interpreter, "/bin/sh");
});

Deno.test("gather() opens files, and tells absent ones and directories apart", () =>
  inTemporaryDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/a`, "x");
    await Deno.writeTextFile(`${directory}/script`, "#!/bin/sh");
    await Deno.symlink(Deno.execPath(), `${directory}/native`);
    const found = gather(`${directory}/a`, new RealEnvironment(""));
    assert(found.ok);
    const { open, read } = found.value.facts;
    const first = (path: Uint8Array) => {
      const opened = open(path);
      return typeof opened === "string" ? opened : text(opened(0, 2));
    };
    const names = ["a", "script", "native", "none", "."];
    assertEquals(names.map((name) => first(new TextEncoder().encode(`${directory}/${name}`))), [
      "x",
      "#!",
      "\x7fE",
      "absent",
      "directory",
    ]);
    assertEquals(first(Uint8Array.of(0x2f, 0xff)), "absent");
    assertEquals(text(read(0, 10)), "x");
  }));

Deno.test("gather() ignores BINFMT_DISPATCHER_INTERPRETER for another root", () =>
  inTemporaryDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/x`, "");
    const real = new RealEnvironment(directory);
    const environment = Object.create(real, {
      root: { value: directory },
      variable: { value: (name: string) => `/${name}` },
      stat: { value: (path: string) => real.stat(path) },
      read: { value: (path: string, at: number, n: number) => real.read(path, at, n) },
      realPath: { value: (path: string) => real.realPath(path) },
      machine: { value: () => real.machine() },
    });
    const found = gather("/x", environment);
    assert(found.ok);
    const { env, cwd } = found.value.facts;
    const names = env.map((entry) => text(entry)?.split("=", 1)[0]);
    assert(names.includes("HOME"));
    assert(!names.includes("BINFMT_DISPATCHER_INTERPRETER"));
    assertEquals(text(cwd), "/");
  }));
