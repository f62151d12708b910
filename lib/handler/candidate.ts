import type { Variable } from "../native/program.ts";
import { CANDIDATE, HEADER, LIST, WHEN } from "../routes/format.ts";
import { defineConsider } from "./consider.ts";
import { defineJudging, type JudgingParts } from "./judging.ts";
import type { Messages } from "./message.ts";
import { defineOffer, type OfferParts } from "./offer.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";

/**
 * Takes the first candidate of the list that can run the program here, perhaps after what is
 * missing was installed, or says what each of them lacks.
 */
export function chooseCandidate(s: State, parts: JudgingParts, offering: OfferParts): void {
  const { code } = s;
  const { m, access } = parts;
  const judging = defineJudging(s, m, access);
  const { usable, telling } = judging;
  const row = defineRow(s, access);
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

  const { offer, told } = defineOffer(s, offering, tryAll, usable, row.name);
  settlePages(s, access);
  code.set(telling, 0);
  code.call(tryAll);
  code.if(usable, "==", 0, () => {
    code.call(row.find);
    code.if(s.list, "==", 0, () => {
      m.fail(127, ["no interpreter is configured for ", row.name, " programs"], [EXPLAIN]);
    });
    code.call(offer);
  });
  code.if(usable, "==", 0, () => {
    code.if(told, "!=", 0, () => code.syscall(s.ignored, "exit_group", told));
    code.call(m.begin);
    m.sayAll(["none of the interpreters for ", row.name, " programs can run it here:"]);
    code.set(telling, 1);
    code.call(tryAll);
    sayHowToInstall(s, m, access, judging.incomplete);
    m.sayHint([EXPLAIN]);
    code.call(m.end, 127);
  });
}

/** What brings the first interpreter that lacks something, if the table has words for it. */
function sayHowToInstall(s: State, m: Messages, access: TableAccess, incomplete: Variable): void {
  const { code } = s;
  const words = code.variable("install_words");
  code.if(incomplete, "!=", 0, () => {
    access.number(words, incomplete, CANDIDATE.install);
    code.if(words, "!=", 0, () => {
      code.call(access.findString, words);
      m.sayHint(["Install what is missing: binfmt-dispatcher install PROGRAM, or as root: "]);
      m.sayAll([access.string]);
      code.call(m.end, 127);
    });
  });
}

const EXPLAIN =
  "What was looked for, and where it is configured: binfmt-dispatcher explain PROGRAM";

/** What the program's row is called: "x86_64". */
function defineRow(s: State, access: TableAccess) {
  const { code } = s;
  const at = code.variable("row_name_at");
  const offset = code.variable("row_name_offset");
  /** Its address, once `find` was called. */
  const name = code.variable("row_name");
  const find = code.procedure("find_row_name", [], () => {
    access.number(at, 0, HEADER.row_names);
    code.do(offset, s.row, "<<", 2);
    code.do(at, at, "+", offset);
    access.number(at, at);
    code.call(access.findString, at);
    code.set(name, access.string);
  });
  return { find, name };
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
