import type { Operand, Variable } from "../native/program.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

/**
 * The only way to the route table's bytes. The table is untrusted input: whatever an offset says,
 * nothing outside the table is touched, and a table that leads outside is damaged.
 */
export function defineTableAccess(s: State, m: Messages) {
  const { code } = s;
  const offset = code.variable("table_offset");
  const room = code.variable("table_room");
  /** Where the bytes asked for stand in memory. */
  const at = code.variable("table_at");
  const last = code.variable("table_last");
  /** 1 once a table led outside of itself while it was only being looked over. */
  const damaged = code.variable("table_damaged");
  /** 1 when the table is in use: damage then ends the handler. */
  const in_use = code.variable("table_in_use");

  const inTable = code.procedure("in_table", [offset, room], () => {
    code.do(last, s.table_size, "-", room);
    code.if(room, "<=", s.table_size, () => {
      code.if(offset, "<=", last, () => {
        code.do(at, s.table, "+", offset);
        code.return();
      });
    });
    code.if(in_use, "==", 1, () => {
      m.fail(125, ["its route table is damaged"], [
        "Delete the tables: rm -rf ",
        s.options.tables,
        '/* "${XDG_CACHE_HOME:-$HOME/.cache}/binfmt-dispatcher" ',
        "/run/user/$(id -u)/binfmt-dispatcher",
      ]);
    });
    code.set(damaged, 1);
    code.set(at, s.table);
  });

  const base = code.variable("table_base");
  /** into = the number of `size` bytes at base + field. */
  const number = (into: Variable, start: Operand, field = 0, size: 1 | 2 | 4 | 8 = 4) => {
    code.do(base, start, "+", field);
    code.call(inTable, base, size);
    code.read(into, size, at);
  };

  const cursor = code.variable("string_cursor");
  const byte = code.variable("string_byte");
  /** The address of the string that was asked for; its zero byte stands within the table. */
  const string = code.variable("string");
  const findString = code.procedure("table_string", [cursor], () => {
    code.call(inTable, cursor, 1);
    code.set(string, at);
    code.loop(() => {
      code.read(byte, 1, at);
      code.if(byte, "==", 0, () => code.leave());
      code.do(cursor, cursor, "+", 1);
      code.call(inTable, cursor, 1);
      // A string that runs to the table's end is damage; an empty one takes its place.
      code.if(damaged, "==", 1, () => {
        code.set(string, code.text(""));
        code.leave();
      });
    });
  });

  return { inTable, at, number, string, findString, damaged, in_use, ...defineMemory(s, damaged) };
}

export type TableAccess = ReturnType<typeof defineTableAccess>;

/** Tables that hold no longer. */
function defineMemory(s: State, damaged: Variable) {
  const { code } = s;
  const remembered = code.variable("table_remembered");
  const remembered_size = code.variable("table_remembered_size");
  /**
   * Of the tables that hold no longer, the first that is whole: it serves where none can be made.
   */
  const remember = () =>
    code.if(damaged, "==", 0, () => {
      code.if(remembered, "==", 0, () => {
        code.set(remembered, s.table);
        code.set(remembered_size, s.table_size);
      });
    });
  /** Does `then` with that table in use, or `otherwise` where there is none. */
  const recall = (then: () => void, otherwise: () => void) =>
    code.if(remembered, "!=", 0, () => {
      code.set(s.table, remembered);
      code.set(s.table_size, remembered_size);
      code.set(damaged, 0);
      then();
    }, otherwise);
  return { remember, recall };
}
