import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dumpTable } from "../../lib/routes/dump.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { Table } from "../../lib/routes/table.ts";
import { effective, format, interpreter, rule, smallConfig } from "./small_config.ts";
import { tableOf } from "./table_of.ts";

const TABLE = tableOf({
  defaults: ["fex"],
  interpreters: {
    fex: interpreter("/usr/bin/FEX", {
      use_muvm: true,
      required_paths: [["/r", "~/r"]],
      env: { A: "{argv0}" },
      sysroot: ["/", "/usr/{gnu}"],
      linkage: "dynamic",
    }),
    mono: interpreter("/mono", { machines: ["dotnet"] }),
  },
  formats: {
    dotnet: format({ magic: new Uint8Array([0x4d, 0x5a]), clr: true }),
    windows: format({ magic: new Uint8Array([0x4d, 0x5a]) }),
    jar: format({ extension: "jar" }),
  },
  rules: [rule("~/a\x1b", "fex"), rule("/opt/", "fex"), rule("/x/**/[a-c]?", "fex")],
});

Deno.test("dumpTable() shows everything in a table", () => {
  const refused = [{ id: "x", path: "/**", why: "too large" }];
  const dump = dumpTable(TABLE, refused);
  assert(dump.ok);
  for (
    const line of [
      "For all users",
      "Kept until a source changes",
      "Page size of muvm: 4096 bytes",
      "  /etc/x.toml",
      "  windows: 4d5a at byte 0; with a CLR header dotnet",
      "  jar: files named *.jar",
      "  “~” stands for the home directory",
      "  no rule",
      "  ~/a\\u001b  rule 1\n  /opt/  rule 2\n  /x/**/[a-c]?  rule 3\n",
      "  1 “~/a\\u001b”, 2 “/opt/”, 3 “/x/**/[a-c]?”",
      "  mono",
      "  c1  FEX (fex)",
      "      needs /usr/bin/FEX; /r or ~/r",
      "      looks for loaders below /, /usr/x86_64-linux-gnu",
      "      starts /usr/bin/FEX {program} {arguments …}",
      "      with A={argv0}",
      "  x “/**”: too large",
    ]
  ) assertStringIncludes(dump.value, line);
  assertStringIncludes(dump.value, "dynamic programs only, if the page size differs");
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x09\x0b-\x1f]/.test(dump.value), false);
});

Deno.test("dumpTable() shows the targets of links in rules' paths", () => {
  const rules = [
    { ...rule("/opt/games/", "fex"), leads_to: "/data\x1b" },
    { ...rule("/l/a?", "fex"), leads_to: "/k" },
    { ...rule("~/.steam/steam/**", "fex"), leads_to: "~/.steam/steam" },
  ];
  const links = [{ path: "/opt/games", target: "/data\x1b" }];
  const compiled = compileRoutes({ ...effective(smallConfig({ rules })), links });
  assert(compiled.ok);
  const table = Table.read(compiled.value.table);
  assert(table.ok);
  const dump = dumpTable(table.value);
  assert(dump.ok);
  for (
    const lines of [
      "\nLinks in rule paths\n  /opt/games → /data\\u001b\n",
      "  /opt/games/  rule 1\n  /data\\u001b/  rule 1, through links\n",
      "  /l/a?  rule 2\n  /l/a?  rule 2\n  /k/a?  rule 2, through links\n",
      "  ~/.steam/steam/  rule 3\n",
      "  where ~/.steam/steam leads, then “/**”  rule 3, through links\n",
    ]
  ) assertStringIncludes(dump.value, lines);
});

Deno.test("dumpTable() leaves out sections that are empty", () => {
  const dump = dumpTable(tableOf({}));
  assert(dump.ok);
  assertStringIncludes(dump.value, "no rule has any");
  assertEquals(dump.value.includes("Candidates"), false);
});
