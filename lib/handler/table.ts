import type { Operand, Procedure, Variable } from "../native/program.ts";
import { FORMAT_VERSION, HEADER, MAGIC, MAX_TABLE_SIZE } from "../routes/format.ts";
import { AT_FDCWD, type File, openFlags, S_IFMT, S_IFREG } from "./file.ts";
import type { Messages } from "./message.ts";
import type { Seen } from "./seen.ts";
import { defineSources, type Sources } from "./sources.ts";
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

/** Maps route tables and says whether they may be used. */
export function defineTable(
  s: State,
  m: Messages,
  file: File,
  seen: Seen,
  access: TableAccess,
) {
  const { code } = s;
  const sources = defineSources(s, m, file, seen, access);
  /** 1 if `use` or `validate` found a table that may be used. */
  const valid = code.variable("table_valid");

  const validateFrame = defineValidateFrame(s, access, valid);
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

  const use = defineUse(s, m, file, map, sources, valid, access);
  return {
    valid,
    use,
    /** Maps what the resolver wrote, so that identities can be filled in. */
    mapFresh: (descriptor: Variable, length: Variable) =>
      code.call(map, descriptor, length, PROT_READ | PROT_WRITE),
    ...sources,
  };
}

/** An owner that nothing has. */
export const NOBODY = -1;

export type Table = ReturnType<typeof defineTable>;

/** valid = the table's frame is as it should be. */
function defineValidateFrame(s: State, access: TableAccess, valid: Variable): Procedure {
  const { code } = s;
  const value = code.variable("frame_value");
  return code.procedure("validate_frame", [], () => {
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
}

/**
 * Maps the table in a file and validates it. `owner` is who must own it; NOBODY: it is trusted by
 * its path.
 */
function defineUse(
  s: State,
  m: Messages,
  file: File,
  map: Procedure,
  sources: Sources,
  valid: Variable,
  access: TableAccess,
): Procedure {
  const { code } = s;
  const flags = openFlags(s);
  const kind = code.variable("use_kind");
  const path = code.variable("table_path");
  const owner = code.variable("table_owner");
  const descriptor = code.variable("table_descriptor");
  return code.procedure("use_table", [path, owner], () => {
    const mode = flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK | flags.O_CLOEXEC;
    code.set(valid, 0);
    code.syscall(descriptor, "openat", AT_FDCWD, path, mode, 0);
    m.ifError(descriptor, () => code.return());
    file.lookAtDescriptor(descriptor);
    code.if(file.error, "!=", 0, () => code.return());
    code.do(kind, file.mode, "&", S_IFMT | WRITABLE_BY_OTHERS);
    code.if(kind, "!=", S_IFREG, () => code.return());
    code.if(owner, "!=", NOBODY, () => code.if(file.uid, "!=", owner, () => code.return()));
    code.call(map, descriptor, file.size, PROT_READ);
    code.if(valid, "==", 1, () => {
      code.call(sources.compare);
      code.set(valid, sources.unchanged);
      // Made from what is no longer so; where no other can be made, it has to serve.
      code.if(valid, "==", 0, () => access.remember());
    });
  });
}
