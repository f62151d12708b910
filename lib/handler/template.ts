import type { Operand, Procedure, Variable } from "../native/program.ts";
import { CANDIDATE, MARKER } from "../routes/format.ts";
import { type Arena, type Region, STRINGS } from "./arena.ts";
import type { Forward } from "./forward.ts";
import type { Guard } from "./guard.ts";
import type { Places } from "./places.ts";
import { PATH_SIZE, type State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Terminals } from "./terminals.ts";

/** The item does not count. */
const VOID = 1;
/** The item was a marker for other items, which are there now. */
const REPLACED = 2;

export interface TemplateParts {
  readonly access: TableAccess;
  readonly arena: Arena;
  readonly places: Places;
  readonly terminals: Terminals;
  readonly forward: Forward;
  readonly guard: Guard;
}

/** Fills templates in: paths that must exist, arguments, variables. */
export function defineTemplates(s: State, parts: TemplateParts) {
  const { code } = s;
  const { access, places } = parts;
  const cursor = code.variable("template_cursor");
  const byte = code.variable("template_byte");
  /** byte = the template's next. */
  const next = code.procedure("template_next", [], () => {
    code.call(access.inTable, cursor, 1);
    code.read(byte, 1, access.at);
    code.do(cursor, cursor, "+", 1);
  });
  /** VOID, REPLACED, or 0 for an item that counts. */
  const void_item = code.variable("template_void");

  return {
    path: definePath(s, places, { cursor, byte, next, void_item }),
    items: defineItems(s, parts, { cursor, byte, next, void_item }),
  };
}

export type Templates = ReturnType<typeof defineTemplates>;

interface Reading {
  readonly cursor: Variable;
  readonly byte: Variable;
  readonly next: Procedure;
  readonly void_item: Variable;
}

/** A path template: `path.fill` it, then `path.known` tells whether `path.buffer` holds it. */
function definePath(s: State, places: Places, { cursor, byte, next }: Reading) {
  const { code } = s;
  const buffer = code.buffer("need", PATH_SIZE);
  const known = code.variable("need_known");
  const to = code.variable("need_to");
  const end = code.variable("need_end");
  const from = code.variable("need_from");
  const put = code.procedure("need_put", [byte], () => {
    code.if(to, ">=", end, () => code.set(known, 0), () => {
      code.write(1, to, byte);
      code.do(to, to, "+", 1);
    });
  });
  /** Puts a string in, or makes the path unknown where there is none. */
  const putString = code.procedure("need_put_string", [from], () => {
    code.if(from, "==", 0, () => {
      code.set(known, 0);
      code.return();
    });
    code.loop(() => {
      code.read(byte, 1, from);
      code.if(byte, "==", 0, () => code.leave());
      code.call(put, byte);
      code.do(from, from, "+", 1);
    });
  });
  const fill = code.procedure("need_fill", [cursor], () => {
    code.set(known, 1);
    code.set(to, buffer);
    code.do(end, buffer, "+", PATH_SIZE - 1);
    code.loop(() => {
      code.call(next);
      code.if(byte, "==", 0, () => code.leave());
      code.if(byte, "==", MARKER.END, () => code.leave());
      code.if(byte, "==", MARKER.HOME, () => {
        code.call(places.findHome);
        code.call(putString, places.home);
        code.again();
      });
      code.if(byte, "==", MARKER.XDG_DATA_HOME, () => {
        code.call(places.findData);
        code.call(putString, places.data);
        code.again();
      });
      code.call(put, byte);
    });
    code.write(1, to, 0);
  });
  return { fill, known, buffer };
}

/** A template's items: pushed as strings, their addresses into a region. */
function defineItems(
  s: State,
  parts: TemplateParts,
  { cursor, byte, next, void_item }: Reading,
) {
  const { code } = s;
  const { arena } = parts;
  const item = code.variable("item");
  const markers = defineMarkers(s, parts, void_item);
  /** Fills in all items of the template at a table offset; a procedure for each region. */
  return (region: Region) =>
    code.procedure(`fill_region_${region}`, [cursor], () => {
      code.loop(() => {
        code.call(next);
        code.if(byte, "==", MARKER.END, () => code.return());
        code.set(void_item, 0);
        arena.next(item, STRINGS);
        code.while(byte, "!=", 0, () => {
          code.if(byte, "<", MARKER.PROGRAM, () => arena.push(STRINGS, 1, byte), () => {
            for (const [marker, put] of markers(region)) code.if(byte, "==", marker, put);
          });
          code.call(next);
        });
        code.if(void_item, "==", 0, () => {
          arena.push(STRINGS, 1, 0);
          arena.push(region, 8, item);
        });
        code.if(void_item, "==", VOID, () => arena.rewind(STRINGS, item));
      });
    });
}

/** What stands in a marker's place. */
function defineMarkers(
  s: State,
  { access, arena, places, terminals, forward, guard }: TemplateParts,
  void_item: Variable,
) {
  const { code } = s;
  const wrapper = code.variable("item_wrapper");
  const from = code.variable("item_from");
  const letter = code.variable("item_letter");
  const pushString = code.procedure("push_string", [from], () => {
    code.if(from, "==", 0, () => {
      code.set(void_item, VOID);
      code.return();
    });
    code.loop(() => {
      code.read(letter, 1, from);
      code.if(letter, "==", 0, () => code.leave());
      arena.push(STRINGS, 1, letter);
      code.do(from, from, "+", 1);
    });
  });
  const found = (find: Procedure, string: Operand) => {
    code.call(find);
    code.call(pushString, string);
  };
  const asGuest = (find: Procedure, path: Operand) => {
    code.call(find);
    code.call(places.toGuest, path);
    code.call(pushString, places.guest);
  };
  return (region: Region): readonly (readonly [number, () => void])[] => [
    [MARKER.PROGRAM, () => code.call(pushString, s.program)],
    [MARKER.ARGV0, () => code.call(pushString, s.argv0)],
    [MARKER.ABSOLUTE, () => asGuest(places.findProgram, places.program)],
    [MARKER.CWD, () => asGuest(places.findFolder, places.folder)],
    [MARKER.SYSROOT, () => code.call(pushString, s.sysroot)],
    [MARKER.HOME, () => found(places.findHome, places.home)],
    [MARKER.XDG_DATA_HOME, () => found(places.findData, places.data)],
    [MARKER.TERMINAL, () => {
      code.call(terminals.findAll);
      code.if(terminals.all, "==", 0, () => code.set(void_item, VOID));
    }],
    [MARKER.FORWARD, () => {
      forward.push(region);
      code.set(void_item, REPLACED);
    }],
    [MARKER.ARGUMENTS, () => {
      access.number(wrapper, s.candidate, CANDIDATE.wrapper);
      code.if(wrapper, "==", 0, () => arena.pushArguments(region), () => guard.push(region));
      code.set(void_item, REPLACED);
    }],
  ];
}
