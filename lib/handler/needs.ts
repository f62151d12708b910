import { CANDIDATE } from "../routes/format.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Judging, JudgingParts } from "./judging.ts";
import type { State } from "./state.ts";

/**
 * usable = 0 unless each group has a path that exists. The first group is the interpreter itself.
 */
export function defineNeeds(
  s: State,
  { m, file, access, templates }: JudgingParts,
  judging: Judging,
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
  const tellPaths = () =>
    judging.tell(() => {
      m.sayAll([" needs"]);
      access.number(group, at);
      access.number(n, group);
      code.while(n, "!=", 0, () => {
        code.do(group, group, "+", 4);
        access.number(found, group);
        code.call(path.fill, found);
        m.sayAll([" ", path.buffer]);
        code.do(n, n, "-", 1);
        code.if(n, "!=", 0, () => m.sayAll([" or"]));
      });
    });
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
        judging.lacks();
        tellPaths();
        code.return();
      });
      code.set(first, 0);
      code.do(groups, groups, "-", 1);
    });
  });
}
