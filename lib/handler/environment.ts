import type { Variable } from "../native/program.ts";
import type { State } from "./state.ts";

/** The caller's environment variables. */
export function defineVariables(s: State) {
  const { code } = s;
  const name = code.variable("getenv_name");
  const value = code.variable("getenv_value");
  const cursor = code.variable("getenv_cursor");
  const left = code.variable("getenv_left");
  const right = code.variable("getenv_right");
  const at = code.variable("getenv_at");
  const procedure = code.procedure("getenv", [name], () => {
    code.set(cursor, s.envp);
    code.read(value, 8, cursor);
    code.while(value, "!=", 0, () => {
      code.set(at, name);
      code.loop(() => {
        code.read(left, 1, at);
        code.read(right, 1, value);
        code.do(value, value, "+", 1);
        code.do(at, at, "+", 1);
        code.if(left, "!=", right, () => code.leave());
      });
      // The name ended where the variable has its `=`.
      code.if(left, "==", 0, () => code.if(right, "==", 0x3d, () => code.return()));
      code.do(cursor, cursor, "+", 8);
      code.read(value, 8, cursor);
    });
  });
  const first = code.variable("getenv_first");
  /**
   * into = the value's address; 0 where the variable is unset, or the start is privileged and its
   * caller not trusted.
   */
  const find = (into: Variable, which: string) => {
    code.set(into, 0);
    code.if(s.secure, "==", 0, () => {
      code.call(procedure, code.text(which));
      code.set(into, value);
    });
  };
  return {
    find,
    /** The same for a folder: what is no absolute path counts as unset. */
    findFolder: (into: Variable, which: string) => {
      find(into, which);
      code.if(into, "!=", 0, () => {
        code.read(first, 1, into);
        code.if(first, "!=", 0x2f, () => code.set(into, 0));
      });
    },
  };
}

export type Variables = ReturnType<typeof defineVariables>;
