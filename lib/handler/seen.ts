import type { Operand } from "../native/program.ts";
import type { File } from "./file.ts";
import type { State } from "./state.ts";
import type { Text } from "./text.ts";

/**
 * What was seen of one file at this start: a table that was made from it is compared with that,
 * instead of looking a second time. It has to be forgotten before time goes by.
 */
export function defineSeen(s: State, file: File, text: Text) {
  const { code } = s;
  /** Its address; 0 where there is none. */
  const path = code.variable("seen_path");
  const kept = ([file.dev, file.ino, file.size, file.mtime, file.ctime] as const).map(
    (field) => ({ field, value: code.variable(`seen_${field.name}`) }),
  );
  const wanted = code.variable("seen_wanted");
  const look = code.procedure("look_unless_seen", [wanted], () => {
    code.if(path, "!=", 0, () => {
      code.call(text.same, path, wanted);
      code.if(text.equal, "==", 1, () => {
        code.set(file.error, 0);
        for (const { field, value } of kept) code.set(field, value);
        code.return();
      });
    });
    file.look(wanted);
  });
  return {
    /** Like file.look(), but for mode and owner. */
    look,
    /** Keeps what `file` has just seen of this path. */
    keep: (at: Operand) => {
      code.set(path, at);
      for (const { field, value } of kept) code.set(value, field);
    },
    forget: () => code.set(path, 0),
  };
}

export type Seen = ReturnType<typeof defineSeen>;
