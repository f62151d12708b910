import { HEADER } from "../routes/format.ts";
import { type Arena, type Region, STRINGS } from "./arena.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Utf8 } from "./utf8.ts";

const EQUALS = 0x3d;
const STAR = 0x2a;

/**
 * `-e NAME` for each variable that muvm should hand on: set, an identifier, valid UTF-8 (muvm
 * refuses others) and none of those that belong to the guest.
 */
export function defineForward(s: State, access: TableAccess, arena: Arena, utf8: Utf8) {
  const { code } = s;
  const entry = code.variable("forward_entry");
  const cursor = code.variable("forward_cursor");
  const at = code.variable("forward_at");
  const byte = code.variable("forward_byte");
  const counts = code.variable("forward_counts");
  const isIdentifier = defineIsIdentifier(s, counts);
  const isAllowed = defineIsAllowed(s, access, counts);
  const name = code.variable("forward_name");
  const option = code.text("-e");

  const push = (region: Region) => {
    code.set(cursor, s.envp);
    code.read(entry, 8, cursor);
    code.while(entry, "!=", 0, () => {
      code.set(counts, 1);
      code.call(isIdentifier, entry);
      code.if(counts, "==", 1, () => {
        code.call(utf8.check, entry);
        code.set(counts, utf8.valid);
      });
      code.if(counts, "==", 1, () => code.call(isAllowed, entry));
      code.if(counts, "==", 1, () => {
        arena.push(region, 8, option);
        arena.next(name, STRINGS);
        code.set(at, entry);
        code.read(byte, 1, at);
        code.while(byte, "!=", EQUALS, () => {
          arena.push(STRINGS, 1, byte);
          code.do(at, at, "+", 1);
          code.read(byte, 1, at);
        });
        arena.push(STRINGS, 1, 0);
        arena.push(region, 8, name);
      });
      code.do(cursor, cursor, "+", 8);
      code.read(entry, 8, cursor);
    });
  };
  return { push };
}

export type Forward = ReturnType<typeof defineForward>;
type Flag = State["row"];

/** counts = 0 unless what stands before `=` is an identifier. */
function defineIsIdentifier(s: State, counts: Flag) {
  const { code } = s;
  const at = code.variable("identifier_at");
  const byte = code.variable("identifier_byte");
  const fits = code.variable("identifier_fits");
  const length = code.variable("identifier_length");
  const between = (low: string, high: string) =>
    code.if(byte, ">=", low.charCodeAt(0), () => {
      code.if(byte, "<=", high.charCodeAt(0), () => code.set(fits, 1));
    });
  return code.procedure("is_identifier", [at], () => {
    code.set(length, 0);
    code.loop(() => {
      code.read(byte, 1, at);
      code.if(byte, "==", EQUALS, () => code.leave());
      code.set(fits, 0);
      between("A", "Z");
      between("a", "z");
      between("_", "_");
      code.if(length, "!=", 0, () => between("0", "9"));
      code.if(fits, "==", 0, () => {
        code.set(counts, 0);
        code.return();
      });
      code.do(at, at, "+", 1);
      code.do(length, length, "+", 1);
    });
    code.if(length, "==", 0, () => code.set(counts, 0));
  });
}

/** counts = 0 if the table's list has the variable's name, or a beginning of it and a star. */
function defineIsAllowed(s: State, access: TableAccess, counts: Flag) {
  const { code } = s;
  const entry = code.variable("allowed_entry");
  const at = code.variable("allowed_at");
  const pattern = code.variable("allowed_pattern");
  const list = code.variable("allowed_list");
  const n = code.variable("allowed_n");
  const left = code.variable("allowed_left");
  const right = code.variable("allowed_right");
  const refuse = () => {
    code.set(counts, 0);
    code.return();
  };
  return code.procedure("is_allowed", [entry], () => {
    access.number(list, 0, HEADER.never_forward);
    access.number(n, 0, HEADER.n_never_forward);
    code.while(n, "!=", 0, () => {
      access.number(pattern, list);
      code.call(access.findString, pattern);
      code.set(pattern, access.string);
      code.set(at, entry);
      code.loop(() => {
        code.read(left, 1, at);
        code.read(right, 1, pattern);
        code.if(right, "==", STAR, refuse);
        code.if(right, "==", 0, () => {
          code.if(left, "==", EQUALS, refuse);
          code.leave();
        });
        code.if(left, "!=", right, () => code.leave());
        code.do(at, at, "+", 1);
        code.do(pattern, pattern, "+", 1);
      });
      code.do(list, list, "+", 4);
      code.do(n, n, "-", 1);
    });
  });
}
