import type { Variable } from "../native/program.ts";
import { CANDIDATE, HEADER, LIST, WHEN } from "../routes/format.ts";
import type { File } from "./file.ts";
import { defineInterpreter, type Interpreter } from "./interpreter.ts";
import type { Messages, Part } from "./message.ts";
import { PATH_SIZE, type State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Templates } from "./template.ts";
import type { Text } from "./text.ts";
import type { Wrapper } from "./wrapper.ts";

const SLASH = 0x2f;

export interface Parts {
  readonly m: Messages;
  readonly file: File;
  readonly text: Text;
  readonly access: TableAccess;
  readonly templates: Templates;
  readonly wrapper: Wrapper;
}

/**
 * Takes the first candidate of the list that can run the program here, or says what each of them
 * lacks.
 */
export function chooseCandidate(s: State, parts: Parts): void {
  const { code } = s;
  const { m, access } = parts;
  const usable = code.variable("usable");
  /** 1 when what a candidate lacks is to be said. */
  const telling = code.variable("telling");
  const tell = (why: readonly Part[]) => code.if(telling, "==", 1, () => m.sayAll(why));
  const name = code.variable("candidate_name");
  const sayRow = defineSayRow(s, m, access);
  const consider = defineConsider(s, parts, usable, tell, name);
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
      access.number(name, s.candidate, CANDIDATE.name);
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

/** usable = the candidate's conditions hold and all that it needs is there. */
function defineConsider(
  s: State,
  parts: Parts,
  usable: Variable,
  tell: (why: readonly Part[]) => void,
  name: Variable,
) {
  const { code } = s;
  const { access } = parts;
  const when = code.variable("when");
  const lacking = code.variable("when_lacking");
  const interpreter = defineInterpreter(s, parts.m, parts.file);
  const needs = defineNeeds(s, parts, usable, tell, name, interpreter);
  const sysroots = defineSysroots(s, parts, usable, tell, name);
  return code.procedure("consider", [], () => {
    code.set(usable, 0);
    access.number(when, s.candidate, CANDIDATE.when);
    code.do(lacking, when, "&", s.facts);
    code.do(lacking, lacking, "^", when);
    code.do(lacking, lacking, "&", WHEN.STATIC | WHEN.DYNAMIC);
    code.if(lacking, "!=", 0, () => {
      code.call(access.findString, name);
      const only = code.variable("when_only");
      code.do(only, lacking, "&", WHEN.STATIC);
      code.if(only, "!=", 0, () => tell([" ", access.string, " is for static programs;"]));
      code.if(only, "==", 0, () => tell([" ", access.string, " is for dynamic programs;"]));
      code.return();
    });
    // The other page size has a candidate of its own; that this one is not it is no news.
    code.do(lacking, when, "&", s.facts);
    code.if(lacking, "!=", when, () => code.return());
    parts.wrapper.ifUseless(tell, name, () => code.return());
    code.set(usable, 1);
    code.call(needs);
    code.if(usable, "==", 1, () => code.call(sysroots));
    code.if(usable, "==", 1, () => {
      code.if(interpreter.foreign, "==", 1, () => refuseForeign(s, parts));
    });
  });
}

/** It would be given to us in turn, perhaps for ever. */
function refuseForeign(s: State, { m, access }: Parts): void {
  const { code } = s;
  const path = code.variable("foreign_path");
  access.number(path, s.candidate, CANDIDATE.path);
  code.call(access.findString, path);
  m.fail(126, ["its interpreter ", access.string, " is itself no program of this machine"], [
    "Where it is configured: binfmt-dispatcher explain PROGRAM",
  ]);
}

/**
 * usable = 0 unless each group has a path that exists. The first group is the interpreter itself.
 */
function defineNeeds(
  s: State,
  { m, file, access, templates }: Parts,
  usable: Variable,
  tell: (why: readonly Part[]) => void,
  name: Variable,
  interpreter: Interpreter,
) {
  const { code } = s;
  const { path } = templates;
  const groups = code.variable("need_groups");
  const group = code.variable("need_group");
  const at = code.variable("need_at");
  const n = code.variable("need_paths");
  const found = code.variable("need_found");
  const first = code.variable("need_first");

  /** Says the paths of a group in which none exists. */
  const lacks = () => {
    code.call(access.findString, name);
    tell([" ", access.string, " needs"]);
    access.number(group, at);
    access.number(n, group);
    code.while(n, "!=", 0, () => {
      code.do(group, group, "+", 4);
      access.number(found, group);
      code.call(path.fill, found);
      tell([" ", path.buffer]);
      code.do(n, n, "-", 1);
      code.if(n, "!=", 0, () => tell([" or"]));
    });
    tell([";"]);
  };
  return code.procedure("needs", [], () => {
    access.number(at, s.candidate, CANDIDATE.needs);
    access.number(groups, at);
    code.set(first, 1);
    code.while(groups, "!=", 0, () => {
      code.do(at, at, "+", 4);
      access.number(group, at);
      access.number(n, group);
      code.set(found, 0);
      code.while(n, "!=", 0, () => {
        code.do(group, group, "+", 4);
        const template = code.variable("need_template");
        access.number(template, group);
        code.call(path.fill, template);
        code.if(path.known, "==", 1, () => {
          code.if(first, "==", 1, () => code.call(interpreter.look, path.buffer), () => {
            file.look(path.buffer);
            code.set(interpreter.error, file.error);
          });
          m.ifError(interpreter.error, () => {}, () => {
            code.set(found, 1);
            code.leave();
          });
        });
        code.do(n, n, "-", 1);
      });
      code.if(found, "==", 0, () => {
        code.set(usable, 0);
        lacks();
        code.return();
      });
      code.set(first, 0);
      code.do(groups, groups, "-", 1);
    });
  });
}

/** sysroot = the first below which a dynamic program's loader exists; usable = 0 where none is. */
function defineSysroots(
  s: State,
  { m, file, text, access }: Parts,
  usable: Variable,
  tell: (why: readonly Part[]) => void,
  name: Variable,
) {
  const { code } = s;
  const n = code.variable("sysroots_left");
  const at = code.variable("sysroot_at");
  const offset = code.variable("sysroot_offset");
  const first = code.variable("loader_first_byte");
  const path = code.buffer("sysroot_loader", 2 * PATH_SIZE);
  return code.procedure("sysroots", [], () => {
    code.set(s.sysroot, code.text(""));
    access.number(at, s.candidate, CANDIDATE.sysroots);
    code.if(at, "==", 0, () => code.return());
    access.number(n, at);
    code.if(n, "==", 0, () => code.return());
    code.read(first, 1, s.loader);
    code.if(first, "==", 0, () => {
      access.number(offset, at, 4);
      code.call(access.findString, offset);
      code.set(s.sysroot, access.string);
      code.return();
    });
    code.if(first, "==", SLASH, () => {
      code.while(n, "!=", 0, () => {
        code.do(at, at, "+", 4);
        access.number(offset, at);
        code.call(access.findString, offset);
        code.set(s.sysroot, access.string);
        text.join(path, 2 * PATH_SIZE, [s.sysroot, s.loader]);
        file.look(path);
        m.ifError(file.error, () => {}, () => code.return());
        code.do(n, n, "-", 1);
      });
    });
    code.set(usable, 0);
    code.call(access.findString, name);
    tell([
      " ",
      access.string,
      " finds the program's own loader ",
      s.loader,
      " in none of its root folders;",
    ]);
  });
}
