/** Checks layers and their faults, interpreters, and route tables. */
import type { Layer } from "../config/config.ts";
import { diagnosticLine } from "../config/diagnostic_line.ts";
import { candidateRows } from "../explain/candidate_rows.ts";
import { columns } from "../explain/columns.ts";
import type { RouteTable } from "../explain/route_table.ts";
import { HANDLER } from "../paths.ts";
import { PLAIN } from "../style.ts";
import { shellQuote } from "../shell_quote.ts";
import { bad, check, type Finding, good, REINSTALL, unknown, warning } from "./check.ts";
import type { Sampled, TableFile } from "./facts.ts";

export const layers = check(["config"], ({ config: { layers, faults, dangling } }) => {
  const read = layers.filter(({ state }) => state === "read").map(({ path }) => path);
  return [
    read.length === 0 ? warning("no layer is read", REINSTALL) : good(`read: ${read.join(", ")}`),
    ...layers.flatMap(ofLayer),
    ...dangling.map((path) => bad(`${path} is a dangling link`, `rm ${shellQuote(path)}`)),
    // ofLayer() reports what is wrong with a whole layer.
    ...faults.filter(({ key }) => key !== "").map((each) => {
      const found = each.severity === "error" ? bad : warning;
      return found(diagnosticLine(each), `Edit ${each.file}, then: binfmt-dispatcher config check`);
    }),
  ];
});

function ofLayer({ path, state, why }: Layer): Finding[] {
  switch (state) {
    case "refused":
      return [
        bad(
          `${path} is ignored: ${why}`,
          "Let only you or root write it and its parent directories",
        ),
      ];
    case "unreadable":
      return [bad(`${path} cannot be read: ${why}`, `chmod a+r ${shellQuote(path)}`)];
    case "faulty":
      return [
        bad(
          `${path} is not a valid layer: ${why}`,
          "To see what is wrong: binfmt-dispatcher config check",
        ),
      ];
    case "masked":
    case "empty":
      return [good(`${path} is masked`)];
    case "read":
    case "absent":
      return [];
  }
}

export const interpreters = check(
  ["host", "samples"],
  ({ host: { uid }, samples }) =>
    samples.length === 0
      ? [unknown("no machine is enabled, and none is registered")]
      : samples.map((each) => ofSample(each, samples, uid)),
);

function ofSample(sample: Sampled, all: readonly Sampled[], uid: number): Finding {
  const { target, linkage, report, failure } = sample;
  const kind = linkage === undefined ? target : `${linkage} ${target} programs`;
  const rows = candidateRows(report, PLAIN);
  const chosen = report.candidates.find(({ verdict }) => verdict === "chosen");
  if (failure === undefined && chosen !== undefined) {
    const through = chosen.muvm === undefined ? "" : ` in ${chosen.muvm}`;
    return good(`${kind}: ${chosen.name} (${chosen.path})${through}`);
  }
  const install = `binfmt-dispatcher install --machine ${target}`;
  const { hint } = report.outcome;
  const commands = report.install.length > 0 ? [install] : hint === undefined ? [] : [hint];
  const details = columns(rows, "");
  if (uid === 0 && report.candidates.some(({ verdict }) => verdict === "muvm")) {
    return {
      ...unknown(`${kind}: muvm refuses root: run this check as the user who runs the programs`),
      details,
    };
  }
  // Some interpreters run only dynamic programs, which are the usual ones.
  const runsDynamic = all.some((each) =>
    each.target === target && each.linkage === "dynamic" && each.failure === undefined
  );
  const finding = runsDynamic ? warning : bad;
  return { ...finding(`${kind}: ${failure?.why ?? "nothing runs them"}`, ...commands), details };
}

export const tables = check(["tables"], ({ tables: { table, files } }) => {
  const torn = files.filter(({ state }) => state === "torn").map(({ path }) => path);
  const others = files.filter(({ state }) => state === "other").map(({ path }) => path);
  return [
    ofTable(table, files),
    ...torn.map((path) =>
      warning(`${path} is corrupt and will be rebuilt`, `rm ${shellQuote(path)}`)
    ),
    ...others.map((path) => good(`${path} is left over from another version or a killed start`)),
  ];
});

function ofTable(table: RouteTable | undefined, files: readonly TableFile[]): Finding {
  if (table === undefined) return unknown("the handler could not be queried");
  if (table.kept === "made") return good(`${table.path} is current`);
  if (table.kept === "never") {
    const seen = `none is kept, each start compiles one: ${table.why}`;
    return warning(seen, `For users without a layer of their own: ${HANDLER} table`);
  }
  const isStale = files.some(({ path, state }) =>
    state === "whole" && path.startsWith(`${table.path}/`)
  );
  return good(
    isStale
      ? "a layer has changed: the next start rebuilds it"
      : `there is none yet: the next start creates it in ${table.path}`,
  );
}
