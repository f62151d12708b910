import { CANDIDATE, WHEN } from "../routes/format.ts";
import { defineInterpreter } from "./interpreter.ts";
import type { Judging, JudgingParts } from "./judging.ts";
import { defineNeeds } from "./needs.ts";
import type { State } from "./state.ts";
import { defineSysroots } from "./sysroots.ts";

/** usable = the candidate's conditions hold and all that it needs is there. */
export function defineConsider(s: State, parts: JudgingParts, judging: Judging) {
  const { code } = s;
  const { access } = parts;
  const { usable, tellWords } = judging;
  const when = code.variable("when");
  const lacking = code.variable("when_lacking");
  const interpreter = defineInterpreter(s, parts.m, parts.file);
  const needs = defineNeeds(s, parts, judging, interpreter);
  const sysroots = defineSysroots(s, parts, judging);
  return code.procedure("consider", [], () => {
    code.set(usable, 0);
    access.number(when, s.candidate, CANDIDATE.when);
    code.do(lacking, when, "&", s.facts);
    code.do(lacking, lacking, "^", when);
    code.do(lacking, lacking, "&", WHEN.STATIC | WHEN.DYNAMIC);
    code.if(lacking, "!=", 0, () => {
      code.do(lacking, lacking, "&", WHEN.STATIC);
      code.if(lacking, "!=", 0, () => tellWords([" is for static programs"]), () => {
        tellWords([" is for dynamic programs"]);
      });
      code.return();
    });
    // The other page size has a candidate of its own; that this one is not it is no news.
    code.do(lacking, when, "&", s.facts);
    code.if(lacking, "!=", when, () => code.return());
    parts.wrapper.ifUseless(tellWords, () => code.return());
    code.set(usable, 1);
    code.call(needs);
    code.if(usable, "==", 1, () => code.call(sysroots));
    code.if(usable, "==", 1, () => {
      code.if(interpreter.foreign, "==", 1, () => refuseForeign(s, parts));
    });
  });
}

/** It would be given to us in turn, perhaps for ever. */
function refuseForeign(s: State, { m, access }: JudgingParts): void {
  const { code } = s;
  const path = code.variable("foreign_path");
  access.number(path, s.candidate, CANDIDATE.path);
  code.call(access.findString, path);
  m.fail(126, ["its interpreter ", access.string, " is itself no program of this machine"], [
    "Where it is configured: binfmt-dispatcher explain PROGRAM",
  ]);
}
