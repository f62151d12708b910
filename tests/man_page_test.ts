/** The man page agrees with the command table, and groff accepts it. */
import { assert, assertEquals } from "@std/assert";
import { COMMANDS, GLOBAL_OPTIONS, type Option } from "../lib/commands/command_table.ts";
import * as paths from "../lib/paths.ts";
import { test } from "./abilities.ts";

const PAGE = new URL("../docs/binfmt-dispatcher.1", import.meta.url);
const source = Deno.readTextFileSync(PAGE);
const { version } = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url)));

/** A line without its markup. */
function plain(line: string): string {
  return line.replaceAll(/\\f./g, "").replaceAll("\\-", "-").replaceAll(".\\|.\\|.", "…")
    .replaceAll(/["\s]+/g, " ").trim();
}

/** Heading of a section or command → its lines. */
const sections = new Map<string, string[]>();
for (const line of source.split("\n")) {
  const heading = /^\.S[HS] (.*)/.exec(line)?.[1];
  if (heading !== undefined) sections.set(plain(heading), []);
  else [...sections.values()].at(-1)?.push(line);
}

/** The options that head paragraphs: `--name=VALUE`, `-n, --name`. */
function optionsIn(lines: readonly string[]): string[] {
  return lines.filter((line, i) => lines[i - 1] === ".TP" && line.includes("\\-\\-"))
    .map((line) =>
      plain(line.replace(/^\.\w+ /, "")).replaceAll(/ ?, ?/g, ", ").replace("= ", "=")
    );
}

function written({ short, name, value }: Option): string {
  const long = value === undefined ? `--${name}` : `--${name}=${value}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

Deno.test("the man page has every command with its operands and options, and no others", () => {
  const expected = COMMANDS.map(({ name, operands, options }) => [
    [name, options.length > 0 ? "[OPTION…]" : "", operands].filter((word) => word !== "").join(" "),
    options.filter(({ hidden }) => hidden !== true).map(written).sort(),
  ]);
  const names = COMMANDS.map(({ name }) => name.split(" ")[0]);
  const found = [...sections].filter(([heading]) => names.includes(heading.split(" ")[0]))
    .map(([heading, lines]) => [heading, optionsIn(lines).sort()]);
  assertEquals(found, expected);
});

Deno.test("the man page has the options of every command", () => {
  assertEquals(optionsIn(sections.get("OPTIONS") ?? []), GLOBAL_OPTIONS.map(written));
});

Deno.test("the man page has this version and names all files of lib/paths.ts", () => {
  assertEquals(/^\.TH .*"binfmt-dispatcher (.*?)"/m.exec(source)?.[1], version);
  const said = plain((sections.get("FILES") ?? []).join("\n"));
  const { RESOLVER: _, ROOTS_HOME: __, ...all } = paths;
  for (const path of Object.values(all)) assert(said.includes(path), path);
});

test({
  name: "groff finds no fault in the man page",
  needs: ["groff"],
  fn: () => {
    const { success, stdout, stderr } = new Deno.Command("groff", {
      args: ["-man", "-Tutf8", "-ww", PAGE.pathname],
    }).outputSync();
    assert(success);
    assertEquals(new TextDecoder().decode(stderr), "");
    assert(stdout.length > 2000);
  },
});
