import { HEADER, KIND } from "../routes/format.ts";
import type { Messages } from "./message.ts";
import type { Probes } from "./probe.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Text } from "./text.ts";

/**
 * Finds the kind of program file that this is, and with it the row of the table that is about it.
 */
export function findKind(
  s: State,
  m: Messages,
  access: TableAccess,
  text: Text,
  probes: Probes,
): void {
  const { code } = s;
  const kind = code.variable("kind");
  const n = code.variable("n_kinds");
  const value = code.variable("kind_value");
  const extension = code.variable("extension");
  const matches = code.variable("kind_matches");

  findExtension(s, extension);
  const hasMagic = defineHasMagic(s, access, kind, matches);
  access.number(kind, 0, HEADER.kinds);
  access.number(n, 0, HEADER.n_kinds);
  code.loop(() => {
    code.if(n, "==", 0, () => m.fail(126, ["it is no kind of program that is known here"]));
    access.number(value, kind, KIND.extension);
    code.if(value, "!=", 0, () => {
      code.call(access.findString, value);
      code.call(text.same, access.string, extension);
      code.set(matches, text.equal);
    }, () => code.call(hasMagic));
    code.if(matches, "==", 1, () => code.leave());
    code.do(kind, kind, "+", KIND.end);
    code.do(n, n, "-", 1);
  });
  access.number(s.row, kind, KIND.row);
  access.number(value, kind, KIND.probe);
  probes.probe(value, () => access.number(s.row, kind, KIND.clr_row));
}

/**
 * extension = what follows the last dot of the program's file name; an empty string where there is
 * none.
 */
function findExtension(s: State, extension: State["row"]): void {
  const { code } = s;
  const at = code.variable("extension_at");
  const byte = code.variable("extension_byte");
  code.set(at, s.program);
  code.set(extension, code.text(""));
  code.read(byte, 1, at);
  code.while(byte, "!=", 0, () => {
    code.do(at, at, "+", 1);
    code.if(byte, "==", 0x2e, () => code.set(extension, at));
    code.if(byte, "==", 0x2f, () => code.set(extension, code.text("")));
    code.read(byte, 1, at);
  });
}

/** matches = the kind's magic stands in the program's head. */
function defineHasMagic(
  s: State,
  access: TableAccess,
  kind: State["row"],
  matches: State["row"],
) {
  const { code } = s;
  const at = code.variable("magic_at");
  const size = code.variable("magic_size");
  const magic = code.variable("magic");
  const mask = code.variable("magic_mask");
  const byte = code.variable("magic_byte");
  const other = code.variable("magic_other");
  const address = (into: typeof magic, field: number) => {
    access.number(into, kind, field);
    code.call(access.inTable, into, size);
    code.set(into, access.at);
  };
  return code.procedure("has_magic", [], () => {
    code.set(matches, 0);
    access.number(at, kind, KIND.offset);
    access.number(size, kind, KIND.size);
    // Both are 32 bits wide, so that the sum cannot wrap.
    code.do(other, at, "+", size);
    code.if(other, ">", s.head_length, () => code.return());
    address(magic, KIND.magic);
    address(mask, KIND.mask);
    code.do(at, at, "+", s.head);
    code.while(size, "!=", 0, () => {
      code.read(byte, 1, at);
      code.read(other, 1, magic);
      code.do(byte, byte, "^", other);
      code.read(other, 1, mask);
      code.do(byte, byte, "&", other);
      code.if(byte, "!=", 0, () => code.return());
      for (const pointer of [at, magic, mask]) code.do(pointer, pointer, "+", 1);
      code.do(size, size, "-", 1);
    });
    code.set(matches, 1);
  });
}
