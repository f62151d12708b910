import { assert, assertEquals } from "@std/assert";
import { reportText } from "../../lib/explain/text.ts";
import type { Report } from "../../lib/explain/report.ts";
import { style } from "../../lib/style.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { report } from "./reports.ts";

const plain = style(new FakeEnvironment(), 1);

function text(name: string, change: Partial<Report> = {}): string {
  return reportText({ ...report(name), ...change }, plain);
}

Deno.test("reportText() lists rules that are missing from the table", () => {
  const refused_rules = [{ id: "a b", path: "/x\x1b", why: "it is too large" }];
  const shown = text("static", { refused_rules });
  assert(
    shown.includes('  fault   [binaries."a b"] “/x\\u001b”: it is too large, ignoring it\n'),
    shown,
  );
});

Deno.test("reportText() says if there is no layer at all", () => {
  assert(text("static", { layers: [] }).includes("  none  no layer is installed\n"));
});

Deno.test("reportText() counts the paths that do not match", () => {
  for (
    const [count, words] of [[0, "no rules are"], [1, "(1 path)\n"], [2, "(2 paths)\n"]]
  ) {
    assert(text("static", { rule_count: count as number }).includes(words as string));
  }
});

Deno.test("reportText() separates sections by one empty line and ends with a newline", () => {
  for (const name of ["static", "native", "damaged", "nothing-installed"]) {
    const shown = text(name);
    assertEquals(/\n\n\n|[ \t]\n|[^\n]$/.exec(shown), null);
  }
});
