import type { Operand, Variable } from "../native/program.ts";
import {
  FORMAT_VERSION,
  HEADER,
  MAGIC,
  MAX_TABLE_SIZE,
  SOURCE,
  TABLE_FLAG,
} from "../routes/format.ts";
import { AT_FDCWD, type File, openFlags, S_IFMT, S_IFREG } from "./file.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;

/** Permission bits of group and others to write. */
export const WRITABLE_BY_OTHERS = 0o022;

/** The magic as the number that reading its eight bytes gives. */
const MAGIC_NUMBER = [...MAGIC].reduceRight(
  (number, letter) => number << 8n | BigInt(letter.charCodeAt(0)),
  0n,
);

/** A change younger than this may share its timestamp with an earlier one: kernels stamp files by a coarse clock. */
const YOUNG_NS = 20_000_000;

/** Maps route tables and says whether they may be used. */
export function defineTable(
  s: State,
  m: Messages,
  file: File,
  access: TableAccess,
) {
  const { code } = s;
  const flags = openFlags(s);
  /** 1 if `use` or `validate` found a table that may be used. */
  const valid = code.variable("table_valid");
  const value = code.variable("table_value");
  const i = code.variable("source_index");
  const source = code.variable("source");

  /** valid = the table's frame is as it should be. */
  const validateFrame = code.procedure("validate_frame", [], () => {
    const expect = (start: Operand, size: 4 | 8, expected: Operand) => {
      access.number(value, start, 0, size);
      code.if(value, "!=", expected, () => code.return());
    };
    const trailer = code.variable("table_trailer");
    code.set(valid, 0);
    code.if(s.table_size, "<", HEADER.end + MAGIC.length, () => code.return());
    code.if(s.table_size, ">", MAX_TABLE_SIZE, () => code.return());
    expect(HEADER.magic, 8, MAGIC_NUMBER);
    expect(HEADER.version, 4, FORMAT_VERSION);
    expect(HEADER.size, 4, s.table_size);
    code.do(trailer, s.table_size, "-", MAGIC.length);
    expect(trailer, 8, MAGIC_NUMBER);
    code.if(access.damaged, "==", 0, () => code.set(valid, 1));
  });

  /** Looks at each source in turn; `each` finds its entry's offset in `source` and what stat said in `file`. */
  const forEachSource = (each: () => void) => {
    access.number(source, HEADER.sources);
    access.number(i, HEADER.n_sources);
    code.while(i, "!=", 0, () => {
      access.number(value, source, SOURCE.path);
      code.call(access.findString, value);
      code.if(access.damaged, "==", 1, () => code.leave());
      file.look(access.string);
      each();
      code.do(source, source, "+", SOURCE.end);
      code.do(i, i, "-", 1);
    });
  };

  /** The identity's fields in order. A file that cannot be looked at is an absent one. */
  const identity = [file.dev, file.ino, file.size, file.mtime, file.ctime];
  const exists = code.variable("source_exists");
  const settleIdentity = () => {
    code.set(exists, 1);
    m.ifError(file.error, () => {
      for (const field of [...identity, exists]) code.set(field, 0);
    });
  };

  /** valid = no source has changed since its identity was filled in. */
  const validateSources = code.procedure("validate_sources", [], () => {
    code.set(valid, 0);
    forEachSource(() => {
      settleIdentity();
      [...identity, exists].forEach((field, n) => {
        access.number(value, source, SOURCE.identity + 8 * n, 8);
        code.if(value, "!=", field, () => code.return());
      });
    });
    code.if(access.damaged, "==", 0, () => code.set(valid, 1));
  });

  const size = code.variable("map_size");
  const protection = code.variable("map_protection");
  const mapped = code.variable("map_descriptor");
  /** Maps `size` bytes and validates the frame. */
  const map = code.procedure("map_table", [mapped, size, protection], () => {
    code.set(valid, 0);
    code.set(access.damaged, 0);
    code.if(size, "==", 0, () => code.return());
    code.if(size, ">", MAX_TABLE_SIZE, () => code.return());
    code.syscall(s.table, "mmap", 0, size, protection, MAP_SHARED, mapped, 0);
    m.ifError(s.table, () => code.return());
    code.set(s.table_size, size);
    code.call(validateFrame);
  });

  const path = code.variable("table_path");
  const owner = code.variable("table_owner");
  const descriptor = code.variable("table_descriptor");
  /** Maps the table in a file and validates it. `owner` is who must own it; NOBODY: it is trusted by its path. */
  const use = code.procedure("use_table", [path, owner], () => {
    const mode = flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK | flags.O_CLOEXEC;
    code.set(valid, 0);
    code.syscall(descriptor, "openat", AT_FDCWD, path, mode, 0);
    m.ifError(descriptor, () => code.return());
    file.lookAtDescriptor(descriptor);
    code.if(file.error, "!=", 0, () => code.return());
    code.do(value, file.mode, "&", S_IFMT | WRITABLE_BY_OTHERS);
    code.if(value, "!=", S_IFREG, () => code.return());
    code.if(owner, "!=", NOBODY, () => code.if(file.uid, "!=", owner, () => code.return()));
    code.call(map, descriptor, file.size, PROT_READ);
    code.if(valid, "==", 1, () => code.call(validateSources));
  });

  const start = code.variable("resolve_start");
  const keep = code.variable("table_keep");
  /** Fills the identities in. keep = the table may be kept: all was read, and no source is too young to tell. */
  const fillIn = code.procedure("fill_in", [start], () => {
    access.number(keep, HEADER.flags);
    code.do(keep, keep, "&", TABLE_FLAG.KEEP);
    code.do(start, start, "-", YOUNG_NS);
    forEachSource(() => {
      settleIdentity();
      [...identity, exists].forEach((field, n) => {
        const slot = code.variable(`identity_slot_${n}`);
        code.do(slot, source, "+", SOURCE.identity + 8 * n);
        code.call(access.inTable, slot, 8);
        code.write(8, access.at, field);
      });
      // ctime alone: it is the kernel's, and no change leaves it as it was; mtime may be anything.
      code.if(file.ctime, ">=", start, () => code.set(keep, 0));
    });
  });

  return {
    valid,
    use,
    /** Maps what the resolver wrote, so that identities can be filled in. */
    mapFresh: (descriptor: Variable, length: Variable) =>
      code.call(map, descriptor, length, PROT_READ | PROT_WRITE),
    fillIn,
    keep,
  };
}

/** An owner that nothing has. */
export const NOBODY = -1;

export type Table = ReturnType<typeof defineTable>;
