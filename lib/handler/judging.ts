import { CANDIDATE } from "../routes/format.ts";
import type { File } from "./file.ts";
import type { Messages, Part } from "./message.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Templates } from "./template.ts";
import type { Text } from "./text.ts";
import type { Wrapper } from "./wrapper.ts";

/** What candidates are judged with. */
export interface JudgingParts {
  readonly m: Messages;
  readonly file: File;
  readonly text: Text;
  readonly access: TableAccess;
  readonly templates: Templates;
  readonly wrapper: Wrapper;
}

/** What is found of one candidate after the other. */
export function defineJudging(s: State, m: Messages, access: TableAccess) {
  const { code } = s;
  /** 1 if the candidate can run the program here. */
  const usable = code.variable("usable");
  /** 1 when it is to be said what each of them lacks. */
  const telling = code.variable("telling");
  const told = code.variable("told");
  /** The first candidate of which something is missing, or 0. */
  const incomplete = code.variable("incomplete");
  const name = code.variable("candidate_name");
  /** Says the candidate's name, and on with `words` about it. */
  const tell = (words: () => void) =>
    code.if(telling, "==", 1, () => {
      code.if(told, "==", 0, () => m.sayAll([" "]), () => m.sayAll(["; "]));
      code.set(told, 1);
      access.number(name, s.candidate, CANDIDATE.name);
      code.call(access.findString, name);
      m.sayAll([access.string]);
      words();
    });
  return {
    usable,
    telling,
    tell,
    incomplete,
    /** Something of this candidate is missing, and could be installed. */
    lacks: () => {
      code.set(usable, 0);
      code.if(incomplete, "==", 0, () => code.set(incomplete, s.candidate));
    },
    tellWords: (words: readonly Part[]) => tell(() => m.sayAll(words)),
  };
}

export type Judging = ReturnType<typeof defineJudging>;
