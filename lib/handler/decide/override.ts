import { ID } from "../../routes/format.ts";
import { same } from "../bytes.ts";
import * as caller from "../caller.ts";
import { cannotRun, end, say, sayNext } from "../message.ts";
import { utf8 } from "../outside.ts";
import * as report from "../report.ts";
import { header, number, structure, text } from "./table.ts";

/** The variable that picks an interpreter for a program and its children. */
export const OVERRIDE = "BINFMT_DISPATCHER_INTERPRETER";

/** OVERRIDE=? picks nothing: system/asked.ts. */
export function asksWho(wanted: Uint8Array): boolean {
  return same(wanted, utf8("?"));
}

/**
 * The candidates of the interpreter that OVERRIDE picks, else `list`. An empty value picks nothing;
 * an interpreter that does not support the target is ignored.
 */
export function pickedList(list: number, target: number): number {
  const wanted = caller.variable(OVERRIDE);
  if (wanted === undefined || wanted.length === 0 || asksWho(wanted)) return list;
  report.picked(wanted);
  const n = header.n_ids;
  const size = ID.lists + 4 * header.targets;
  let id = header.ids;
  for (let i = 0; i < n; i++) {
    if (same(text(structure(ID, id).name), wanted)) {
      const own = number(id + ID.lists + 4 * target);
      report.override(own !== 0);
      return own === 0 ? list : own;
    }
    id += size;
  }
  cannotRun();
  say(OVERRIDE, " names “", wanted, "”, which is not a configured interpreter");
  sayNext();
  say("To list them: binfmt-dispatcher config show");
  end(126);
}
