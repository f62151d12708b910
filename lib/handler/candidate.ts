import { HEADER, LIST, WHEN } from "../routes/format.ts";
import { defineConsider, type Parts } from "./consider.ts";
import { defineJudging } from "./judging.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";

/**
 * Takes the first candidate of the list that can run the program here, or says what each of them
 * lacks.
 */
export function chooseCandidate(s: State, parts: Parts): void {
  const { code } = s;
  const { m, access } = parts;
  const judging = defineJudging(s, m, access);
  const { usable, telling } = judging;
  const sayRow = defineSayRow(s, m, access);
  const consider = defineConsider(s, parts, judging);
  const n = code.variable("candidates_left");
  const cursor = code.variable("candidate_cursor");

  const tryAll = code.procedure("try_all", [], () => {
    code.set(usable, 0);
    // A list of nothing: no interpreter is configured for this kind of program.
    code.if(s.list, "==", 0, () => code.return());
    access.number(n, s.list, LIST.n);
    code.do(cursor, s.list, "+", LIST.candidates);
    code.while(n, "!=", 0, () => {
      access.number(s.candidate, cursor);
      code.call(consider);
      code.if(usable, "==", 1, () => code.return());
      code.do(cursor, cursor, "+", 4);
      code.do(n, n, "-", 1);
    });
  });

  settlePages(s, access);
  code.set(telling, 0);
  code.call(tryAll);
  code.if(usable, "==", 0, () => {
    code.call(m.begin);
    code.if(s.list, "==", 0, () => {
      m.sayAll(["no interpreter is configured for "]);
      code.call(sayRow);
    }, () => {
      m.sayAll(["none of the interpreters for "]);
      code.call(sayRow);
      m.sayAll([" can run it here:"]);
      code.set(telling, 1);
      code.call(tryAll);
    });
    m.sayHint([
      "What was looked for, and where it is configured: binfmt-dispatcher explain PROGRAM",
    ]);
    code.call(m.end, 127);
  });
}

/** Says what the program's row is called: "x86_64 programs". */
function defineSayRow(s: State, m: Messages, access: TableAccess) {
  const { code } = s;
  const at = code.variable("row_name");
  const offset = code.variable("row_name_offset");
  return code.procedure("say_row", [], () => {
    access.number(at, 0, HEADER.row_names);
    code.do(offset, s.row, "<<", 2);
    code.do(at, at, "+", offset);
    access.number(at, at);
    code.call(access.findString, at);
    m.sayAll([access.string, " programs"]);
  });
}

/** Adds to the facts whether the kernel's pages are as the wrapper's. */
function settlePages(s: State, access: TableAccess): void {
  const { code } = s;
  const size = code.variable("pages_size");
  const fact = code.variable("pages_fact");
  access.number(size, 0, HEADER.page_size);
  code.set(fact, WHEN.PAGES_DIFFER);
  code.if(size, "==", s.page_size, () => code.set(fact, WHEN.PAGES_FIT));
  code.do(s.facts, s.facts, "|", fact);
}
