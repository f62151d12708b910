import { assert, assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { readHandlerFacts } from "../../lib/explain/handler_facts.ts";
import { askKernel } from "../../lib/explain/kernel.ts";
import { BINFMT_MISC } from "../../lib/explain/kernel_commands.ts";
import type { Host } from "../../lib/native/language.ts";
import { ADMIN_LAYER, HANDLER } from "../../lib/paths.ts";
import { World } from "../../tasks/world.ts";
import { test } from "../abilities.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { launcher } from "../kernel/launcher.ts";
import { lineFor } from "../kernel/side_by_side.ts";
import { headersOf } from "../programs.ts";
import { FOREIGN, probe } from "../real/foreign.ts";
import { type System, told } from "./told.ts";

const LAYER = "[formats.windows]\nmagic = 'MZ'\n[formats.dotnet]\nmagic = 'MZ'\nclr = true\n";

function ask(name: string, system: System, magic = 0) {
  const environment = new FakeEnvironment({ files: { "/etc/binfmt-dispatcher.toml": LAYER } });
  const machine = MACHINES.find((machine) => machine.name === name);
  const magics = machine?.magics[magic] ?? { magic: new Uint8Array(), mask: new Uint8Array() };
  const kind = { ...magics, extension: undefined, offset: 0, probe: 0, target: 0, clr_target: 0 };
  const linkage = machine === undefined ? undefined : "static";
  const { config } = loadConfig(environment, { user: false });
  const program = { path: "/usr/bin/p", facts: { read: () => magics.magic } };
  const facts = readHandlerFacts(told(system));
  return askKernel(environment, config, program, { name, linkage, kind }, facts);
}

Deno.test("askKernel() finds the entry among others, by the program's own magic", () => {
  const system = { entries: ["qemu-arm", "binfmt-dispatcher-x86"] };
  const { entries, ...rest } = ask("i386", system);
  assertEquals(rest, {
    native: false,
    binfmt_misc: true,
    enabled: true,
    entry: "binfmt-dispatcher-x86",
    taken: "binfmt-dispatcher-x86",
    registered: true,
    others: ["qemu-arm"],
  });
  assertEquals(entries.map(({ name }) => name), ["binfmt-dispatcher-x86"]);
  const i486 = ask("i386", system, 1);
  assertEquals([i486.entry, i486.taken], ["binfmt-dispatcher-i486", undefined]);
});

Deno.test("askKernel() knows formats, which may share an entry, and native programs", () => {
  const none = { entries: [] };
  assertEquals(ask("dotnet", none).entry, "binfmt-dispatcher-windows");
  assertEquals(ask("windows", none).native, false);
  assertEquals(ask("aarch64", none).native, true);
});

Deno.test("askKernel() says that binfmt_misc is not mounted", () => {
  assertEquals(ask("x86_64", { entries: undefined }).binfmt_misc, false);
  assertEquals(ask("x86_64", { entries: [] }).binfmt_misc, true);
});

const PROGRAM = "/usr/share/tried/program.xyz";
const ENTRY = `binfmt-dispatcher-${FOREIGN}`;
const OWN = lineFor(ENTRY, HANDLER, "POF");
const OTHER = lineFor("other", "/usr/bin/other", "");
const set = (name: string, value: number) => `echo ${value} >${BINFMT_MISC}/${name}`;
/** e_machine of FOREIGN; the mask covers part of both bytes. */
const E_MACHINE = FOREIGN === "aarch64" ? "\\xb7\\x00" : "\\x3e\\x00";

interface Case {
  readonly name: string;
  readonly lines: readonly string[];
  /** Shell commands after the registration. */
  readonly then?: string;
  /** What the program's interpreter prints, and the entry that took it. */
  readonly says: string;
  readonly taken: string | null;
}

const CASES: readonly Case[] = [
  { name: "the handler's alone", lines: [OWN], says: "chosen", taken: ENTRY },
  { name: "a newer one", lines: [OWN, OTHER], says: "other", taken: "other" },
  {
    name: "an older one",
    lines: [OTHER, OWN],
    says: "chosen",
    taken: ENTRY,
  },
  {
    name: "a newer one that is disabled",
    lines: [OWN, OTHER],
    then: set("other", 0),
    says: "chosen",
    taken: ENTRY,
  },
  {
    name: "the handler's disabled, and an older one",
    lines: [OTHER, OWN],
    then: set(ENTRY, 0),
    says: "other",
    taken: "other",
  },
  {
    name: "the handler's registered again",
    lines: [OWN, OTHER],
    then: `${set(ENTRY, -1)}; printf %s '${OWN}' >${BINFMT_MISC}/register`,
    says: "chosen",
    taken: ENTRY,
  },
  {
    name: "the handler's disabled",
    lines: [OWN],
    then: set(ENTRY, 0),
    says: "",
    taken: null,
  },
  {
    name: "binfmt_misc disabled",
    lines: [OTHER, OWN],
    then: set("status", 0),
    says: "",
    taken: null,
  },
  {
    name: "the handler's name with another interpreter",
    lines: [lineFor(ENTRY, "/usr/bin/other", "")],
    says: "other",
    taken: ENTRY,
  },
  {
    name: "a missing interpreter",
    lines: [OWN, lineFor("gone", "/usr/bin/gone", "")],
    says: "",
    taken: "gone",
  },
  {
    name: "a newer one by extension",
    lines: [OWN, ":ext:E::xyz::/usr/bin/other:"],
    says: "other",
    taken: "ext",
  },
  {
    name: "newer ones by other extensions",
    lines: [OWN, ":a:E::yz::/usr/bin/other:", ":b:E::program.xyz::/usr/bin/other:"],
    says: "chosen",
    taken: ENTRY,
  },
  {
    name: "a newer one by offset and mask",
    lines: [OWN, `:at:M:18:${E_MACHINE}:\\xf7\\xff:/usr/bin/other:`],
    says: "other",
    taken: "at",
  },
  {
    name: "a newer one with another offset",
    lines: [OWN, `:at:M:20:${E_MACHINE}:\\xf7\\xff:/usr/bin/other:`],
    says: "chosen",
    taken: ENTRY,
  },
  { name: "no entry", lines: [], says: "", taken: null },
];

/** Has only the kernel start the program: shells run what it rejects as a script. */
const LAUNCHER = "/usr/share/tried/launcher";

/** A world with this script as the interpreter that the handler chooses. */
function world(chosen: string): World {
  const made = new World();
  made.install();
  made.file(ADMIN_LAYER, `[defaults]\ninterpreter = "chosen"\n${probe("chosen")}`);
  made.file("/usr/bin/chosen", `#!/bin/sh\n${chosen}\n`, 0o755);
  return made;
}

for (const { name, lines, then = "true", says, taken } of CASES) {
  test({
    name: `explain names the entry that the kernel uses: ${name}`,
    needs: ["binfmt_misc", "compiled"],
    fn: async () => {
      using made = world("echo chosen");
      made.file("/usr/bin/other", "#!/bin/sh\necho other\n", 0o755);
      made.file(LAUNCHER, launcher(Deno.build.arch as Host), 0o755);
      made.file(PROGRAM, headersOf(FOREIGN), 0o755);
      for (const line of lines) made.register(line);
      const script = `${then}\nbinfmt-dispatcher explain --json $0\necho "\x1e"\n` +
        `${LAUNCHER} "" $0 $0; true`;
      const { stdout, stderr } = await made.run(["sh", "-c", script, PROGRAM]);
      const [json = "", printed = ""] = stdout.split("\x1e\n");
      assert(json.startsWith("{"), stderr);
      const { kernel, outcome } = JSON.parse(json);
      const runs = { chosen: "interpreter", other: "entry" }[says];
      assertEquals(
        { says: printed.trim(), taken: kernel.taken, registered: kernel.registered },
        { says, taken, registered: says === "chosen" },
        stdout,
      );
      if (runs !== undefined) assertEquals(outcome.result, runs);
      if (taken === "gone") assertEquals([outcome.result, outcome.status], ["failure", 127]);
    },
  });
}

test({
  name: "explain says what is mounted with noexec, and which privileges have no effect",
  needs: ["binfmt_misc", "compiled"],
  fn: async () => {
    using made = world("id -u");
    made.file(PROGRAM, headersOf(FOREIGN), 0o4755);
    made.file("/usr/share/tried/off/x", "");
    made.register(OWN);
    const script = `mount -t tmpfs -o noexec none /usr/share/tried/off
cp $0 /usr/share/tried/off/p
for p in $0 /usr/share/tried/off/p; do
  binfmt-dispatcher explain --json $p
  printf '\x1e'
  $p; printf '%s\x1e' $?
done`;
    const { stdout } = await made.run(["bash", "-c", script, PROGRAM]);
    const [first = "", ran, second = "", refused] = stdout.split("\x1e");
    const { program, outcome, host, table } = JSON.parse(first);
    assertEquals([program.privileges, program.noexec, outcome.status], [
      ["set-user-ID"],
      false,
      0,
    ]);
    assertEquals([host.no_new_privs, table.kept], [false, "next"]);
    assertEquals(ran, "0\n0");
    const off = JSON.parse(second);
    assertEquals([off.program.noexec, off.outcome.status, refused], [true, 126, "126"]);
    assertEquals(off.table.kept, "made");
  },
});
