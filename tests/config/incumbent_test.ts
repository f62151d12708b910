/**
 * AsahiLinux/binfmt-dispatcher's configuration files keep working: the same keys, the same choices.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Loaded } from "../../lib/config/load.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { decide } from "../../lib/start/decide.ts";
import { shippedConfig } from "../../tasks/shipped_config.ts";
import { buildElf } from "../elf/build_elf.ts";
import { openAmong, reader } from "../start/opened.ts";
import { diagnosticLines, load } from "./load_config.ts";

/** The keys and values of data/binfmt-dispatcher.toml in its release 0.1.2. */
const SHIPPED = `
[defaults]
interpreter = "fex"
log_level = "info"
[muvm]
path = "/usr/bin/muvm"
[interpreters]
[interpreters.box64]
path = "/usr/bin/box64"
[interpreters.fex]
name = "FEX"
path = "/usr/bin/FEXInterpreter"
required_paths = ["/usr/share/fex-emu/RootFS/default.erofs"]
use_muvm = true
[interpreters.qemu]
name = "QEMU User space emulator"
path = "/usr/bin/qemu-x86_64"
[interpreters.qemu-static]
name = "QEMU User space emulator (static)"
path = "/usr/bin/qemu-x86_64-static"
[binaries]
`;

/** The same of docs/binfmt-dispatcher.toml.example, which has one table twice. */
const EXAMPLE = `
[defaults]
interpreter = "fex"
log_level = "info"
[muvm]
path = "/usr/bin/muvm"
[interpreters]
# The same table is below once more, without this comment.
[interpreters.box64]
path = "/usr/bin/box64"

[interpreters.fex]
name = "FEX"
path = "/usr/bin/FEXInterpreter"
required_paths = ["/usr/share/fex-emu/RootFS/default.erofs"]
use_muvm = true

[interpreters.box64]
path = "/usr/bin/box64"

# Rules.

[binaries]

[binaries.foo]
path = "/usr/bin/foo"
interpreter = "box64"
`;

Deno.test("the incumbent's shipped file and its example load without a fault", async () => {
  for (const text of [SHIPPED, EXAMPLE]) {
    assertEquals(diagnosticLines(load(text)), []);
    assertEquals(diagnosticLines(load(await shippedConfig("aarch64"), text)), []);
  }
});

Deno.test("the incumbent's shipped file chooses FEX, under its old name or its new one", () => {
  const { config } = load(SHIPPED);
  assertEquals(config.defaults.interpreter, ["fex"]);
  const fex = config.interpreters.get("fex")!;
  assertEquals(fex.path, ["/usr/bin/FEXInterpreter", "/usr/bin/FEX"]);
  assertEquals(fex.required_paths, [["/usr/share/fex-emu/RootFS/default.erofs"]]);
  assert(fex.use_muvm && fex.machines.includes("x86_64") && fex.machines.includes("i386"));
  assertEquals(fex.args, ["{program}"]);
});

Deno.test("the incumbent's qemu serves only the machine that its path names", () => {
  const { interpreters } = load(SHIPPED).config;
  assertEquals(interpreters.get("qemu")?.machines, ["x86_64"]);
  assertEquals(interpreters.get("qemu-static")?.machines, ["x86_64"]);
});

Deno.test("the incumbent's file in /etc replaces single values of the shipped layer", async () => {
  const { config } = load(await shippedConfig("aarch64"), SHIPPED);
  assertEquals(config.defaults, { interpreter: ["fex"], log_level: "info", ask: true });
  assertEquals(config.interpreters.get("fex")?.path, ["/usr/bin/FEXInterpreter", "/usr/bin/FEX"]);
  assertEquals(config.muvm.required_paths.length, 4);
  assertEquals(config.interpreters.get("qemu")?.path, ["/usr/bin/qemu-x86_64"]);
});

Deno.test("the incumbent's rules keep their paths, even with pattern characters", () => {
  const paths = [
    "/opt/a b/x",
    "/opt/[v1]/x",
    "/opt/*",
    "/opt/a?",
    "/opt/{a,b}",
    "/opt/]}{[",
    "/opt/**",
  ];
  const rules = paths.map((path, index) =>
    `[binaries.r${index}]\npath = "${path}"\ninterpreter = "box64"\n`
  );
  const loaded = load(SHIPPED + rules.join(""));
  assertEquals(diagnosticLines(loaded), []);
  assertEquals(loaded.config.rules.map(({ path }) => path).sort(), [...paths].sort());
  assert(loaded.config.rules.every(({ interpreter }) => interpreter.join() === "box64"));
  const { machines } = loaded.config.interpreters.get("box64")!;
  assert(machines.includes("x86_64") && machines.includes("i386"));
});

/** The interpreter that a start of this program runs, and muvm if it is used. */
function choice(loaded: Loaded, path: string, machine: string, page_size: number) {
  const compiled = compileRoutes(loaded);
  assert(compiled.ok);
  const bytes = new TextEncoder().encode(path);
  const elf = buildElf({ machine });
  const decision = decide(compiled.value.table, {
    program: bytes,
    argv0: bytes,
    args: [],
    canonical: bytes,
    env: ["HOME=/home/u", "XDG_RUNTIME_DIR=/run/user/1000"].map((each) =>
      new TextEncoder().encode(each)
    ),
    cwd: new TextEncoder().encode("/"),
    machine: "x86_64",
    page_size,
    euid: 1000,
    terminal: false,
    secure: false,
    kvm_errno: 0,
    directory: () => undefined,
    realPath: () => undefined,
    read: reader(elf),
    open: openAmong(() => true),
    executable: () => true,
  });
  assert(decision.ok);
  const chosen = decision.value.chosen?.candidate;
  return chosen === undefined ? undefined : { path: chosen.path, muvm: chosen.muvm };
}

const INTERPRETERS = ["box64", "fex", "qemu", "qemu-static"] as const;
const PROGRAMS = [
  "/1/plain",
  "/2/[v1]/x",
  "/3/*",
  "/4/a?",
  "/5/{a,b}",
  "/6/]}{[",
  "/7/**",
  "/8/[",
  "/9/é",
];

Deno.test("the incumbent's files, compiled, choose what the incumbent chooses", () => {
  const wanted = {
    box64: "/usr/bin/box64",
    fex: "/usr/bin/FEXInterpreter",
    qemu: "/usr/bin/qemu-x86_64",
    "qemu-static": "/usr/bin/qemu-x86_64-static",
  };
  const rules = fc.dictionary(fc.constantFrom(...PROGRAMS), fc.constantFrom(...INTERPRETERS));
  fc.assert(
    fc.property(
      fc.constantFrom(...INTERPRETERS),
      rules,
      fc.constantFrom(...PROGRAMS),
      fc.constantFrom("x86_64", "i386"),
      fc.constantFrom(4096, 16384),
      (fallback, rules, program, machine, page_size) => {
        const tables = Object.entries(rules).map(([path, id], index) =>
          `[binaries.r${index}]\npath = '${path}'\ninterpreter = "${id}"\n`
        );
        const text = `${SHIPPED}${tables.join("")}`.replace('"fex"', `"${fallback}"`);
        const id = Object.hasOwn(rules, program) ? rules[program]! : fallback;
        // The incumbent starts qemu-x86_64 even for i386 programs, which it cannot run.
        if (machine === "i386" && [id, fallback].some((each) => each.startsWith("qemu"))) return;
        const muvm = id === "fex" && page_size !== 4096 ? "/usr/bin/muvm" : undefined;
        assertEquals(choice(load(text), program, machine, page_size), {
          path: wanted[id],
          muvm,
        });
      },
    ),
    { seed: 20261122, numRuns: 500 },
  );
});
