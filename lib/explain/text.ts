/** A report as text for people. */
import type { Layer } from "../config/config.ts";
import { diagnosticLine } from "../config/diagnostic_line.ts";
import { keyName } from "../config/key_name.ts";
import { OVERRIDE } from "../handler/decide/override.ts";
import { shellCommand } from "../shell_quote.ts";
import type { Style } from "../style.ts";
import { candidateRows } from "./candidate_rows.ts";
import { columns, type Row } from "./columns.ts";
import { describeElf } from "./describe_elf.ts";
import { headline } from "./headline.ts";
import { keepWords } from "./keep.ts";
import { kernelWords } from "./kernel_words.ts";
import { printable } from "../printable.ts";
import { installCommand } from "../install/install_words.ts";
import type { Remedy } from "./remedies.ts";
import type { Report } from "./report.ts";

type Section = readonly [heading: string, lines: readonly string[]];

export function reportText(report: Report, style: Style): string {
  const decided = !["kernel", "script"].includes(report.outcome.result);
  const sections: Section[] = [
    ["Program", columns(programRows(report))],
    ["Host", columns(hostRows(report))],
    ["Configuration, later wins", decided ? configurationLines(report, style) : []],
    ["Route table", columns(tableRows(report, style))],
    ["Rule", columns(ruleRows(report, style))],
    ["Candidates, the first that can run it is taken", columns(candidateRows(report, style))],
    ["Command", commandLines(report, style)],
    keepSection(report),
    ["To run it, install one of these", columns(report.install.flatMap(remedyRows))],
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [style.bold(heading), ...lines, ""].join("\n"));
  return [...headline(report, style), "", ...shown].join("\n");
}

function programRows({ program, kind, kernel }: Report): Row[] {
  const rows: Row[] = [["path", printable(program.canonical)]];
  if (kind.elf !== undefined) {
    rows.push(["header", describeElf(kind.elf, kind.name !== undefined)]);
    const { PT_INTERP } = kind.elf;
    if (PT_INTERP !== undefined) rows.push(["loader", printable(PT_INTERP)]);
  } else if (kind.elf_error !== undefined) {
    rows.push(["header", `corrupt ELF header: ${kind.elf_error}`]);
  } else if (kind.script !== undefined) {
    const { interpreter, argument } = kind.script;
    rows.push(["#! line", printable([interpreter, argument ?? ""].join(" ").trimEnd())]);
  }
  return [...rows, ...privilegeRows(program, kernel)];
}

/** An entry with flag C gives its interpreter the program's privileges; the handler's has no C. */
function privilegeRows({ privileges }: Report["program"], kernel: Report["kernel"]): Row[] {
  const taken = kernel.entries.find(({ name }) => name === kernel.taken);
  const has = taken?.flags.includes("C") ?? kernel.native;
  if (privileges.length === 0 || has) return [];
  return [[
    "privileges",
    `${privileges.join(", ")}: ignored, it runs with its caller's privileges`,
  ]];
}

function tableRows({ table }: Report, style: Style): Row[] {
  if (table === undefined) return [];
  const { kept, path, why } = table;
  if (kept === "made") return [["kept", printable(path ?? "")]];
  if (kept === "next") {
    return [["not yet", `the next start creates it in ${printable(path ?? "")}`]];
  }
  return [
    [style.yellow("not kept"), `each start compiles it anew: ${printable(why ?? "")}`],
  ];
}

function hostRows(report: Report): Row[] {
  const { root, machine, page_size } = report.host;
  const seen = report.unseen === undefined ? "" : ", guessed from the sizes of huge pages";
  // The kernel of another root is not known.
  const guessed = root === "" ? seen : ", assumed from this machine";
  return [
    ...(root === "" ? [] : [["root", printable(root)]]),
    ["machine", `${machine}, pages of ${page_size} bytes${guessed}`],
    ...kernelWords(report).map((words, i) => [i === 0 ? "kernel" : "", words]),
  ];
}

function configurationLines(
  { layers, diagnostics, refused_rules }: Report,
  style: Style,
): string[] {
  const paint = (state: Layer["state"]) => {
    if (state === "read") return style.green(state);
    return ["absent", "masked", "empty"].includes(state) ? style.dim(state) : style.red(state);
  };
  const rows = layers.map(({ path, state, why }) => [
    paint(state),
    printable(why === undefined ? path : `${path}: ${why}`),
  ]);
  const wrong = [
    // A fault of a whole layer is shown beside its name.
    ...diagnostics.filter(({ key }) => key !== "").map((each) => printable(diagnosticLine(each))),
    ...refused_rules.map(({ id, path, why }) =>
      printable(`[${keyName(["binaries", id])}] “${path}”: ${why}, ignoring it`)
    ),
  ];
  if (layers.length === 0) rows.push(["none", "no layer is installed"]);
  rows.push(...wrong.map((line) => [style.yellow("fault"), line]));
  return columns(rows);
}

function ruleRows({ rule, rule_count, lists, override }: Report, style: Style): Row[] {
  if (lists.length === 0) return [];
  const rows: Row[] = [];
  if (override !== undefined) {
    const what = `${OVERRIDE}=${printable(override.id)}`;
    const { state } = override;
    const why = state === "passed over" ? ": it does not support such programs" : "";
    rows.push([state === "taken" ? state : style.yellow(state), what + why]);
  }
  if (rule !== undefined) {
    rows.push([
      "matches",
      `[${printable(keyName(["binaries", rule.id]))}] path “${printable(rule.path)}”`,
      place(rule, style),
    ]);
    if (rule.leads_to !== undefined) {
      rows.push(["", `through links, which lead to “${printable(rule.leads_to)}”`]);
    }
  } else {
    const none = rule_count === 0
      ? "no rules are configured"
      : `no rule matches (${rule_count} path${rule_count === 1 ? "" : "s"})`;
    rows.push([style.dim("none"), none]);
  }
  for (const list of lists) {
    const section = printable(list.key.slice(0, list.key.lastIndexOf(".")));
    const words = `[${section}] interpreter = ${printable(list.interpreters.join(", ")) || "[]"}`;
    const state = list.state === "serves" ? "taken" : list.state;
    const why = state === "passed over" && list.interpreters.length > 0
      ? ": none supports such programs"
      : "";
    rows.push([state === "taken" ? state : style.dim(state), words + why, place(list, style)]);
  }
  return rows;
}

function place(
  { file, line }: { file: string | undefined; line: number | undefined },
  style: Style,
) {
  return style.dim(file === undefined ? "built in" : printable(`${file}:${line}`));
}

function commandLines({ command }: Report, style: Style): string[] {
  if (command === undefined) return [];
  return [
    `  ${shellCommand(command.argv, command.environment)}`,
    `  ${style.dim("The program's own arguments follow.")}`,
    ...(command.forwards_environment
      ? [`  ${style.dim("-e NAME stands for one such pair per variable that muvm forwards.")}`]
      : []),
  ];
}

function keepSection({ keep }: Report): Section {
  if (keep === undefined) return ["", []];
  const [heading = "", ...lines] = keepWords(keep);
  return [heading, lines];
}

function remedyRows({ name, install, hint }: Remedy): Row[] {
  const lines = install.filter(({ packages, optional }) => packages.length + optional.length > 0)
    .map((each) => {
      const optional = each.optional.length === 0
        ? ""
        : ` (and, if available: ${each.optional.join(" ")})`;
      return printable(installCommand(each.manager, each.packages) + optional);
    });
  if (hint !== undefined) lines.push(printable(hint));
  if (lines.length === 0) lines.push("the configuration names no package");
  return lines.map((line, i) => [i === 0 ? printable(name) : "", line]);
}
