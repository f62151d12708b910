import { HEADER, ID } from "../routes/format.ts";
import type { Messages } from "./message.ts";
import type { Variables } from "./environment.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Text } from "./text.ts";

/**
 * BINFMT_DISPATCHER_INTERPRETER=ID picks an interpreter; one that is not made for the program is
 * passed over.
 */
export function applyOverride(
  s: State,
  m: Messages,
  access: TableAccess,
  text: Text,
  variables: Variables,
): void {
  const { code } = s;
  const wanted = code.variable("override");
  const entry = code.variable("override_entry");
  const n = code.variable("override_n");
  const name = code.variable("override_name");
  const step = code.variable("override_step");
  const list = code.variable("override_list");
  variables.find(wanted, "BINFMT_DISPATCHER_INTERPRETER");
  code.if(wanted, "!=", 0, () => {
    access.number(step, 0, HEADER.rows);
    code.do(step, step, "<<", 2);
    code.do(step, step, "+", ID.lists);
    access.number(entry, 0, HEADER.ids);
    access.number(n, 0, HEADER.n_ids);
    code.loop(() => {
      code.if(n, "==", 0, () => {
        m.fail(125, [
          "BINFMT_DISPATCHER_INTERPRETER names “",
          wanted,
          "”, which is configured nowhere",
        ], [
          "All that are: binfmt-dispatcher config show",
        ]);
      });
      access.number(name, entry, ID.name);
      code.call(access.findString, name);
      code.call(text.same, access.string, wanted);
      code.if(text.equal, "==", 1, () => code.leave());
      code.do(entry, entry, "+", step);
      code.do(n, n, "-", 1);
    });
    code.do(list, s.row, "<<", 2);
    code.do(list, list, "+", entry);
    access.number(list, list, ID.lists);
    code.if(list, "!=", 0, () => code.set(s.list, list));
  });
}
