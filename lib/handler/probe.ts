import type { Operand, Variable } from "../native/program.ts";
import { PT_INTERP } from "../elf/constants.ts";
import { INTERP_LIMIT, PHDR_LIMIT } from "../elf/header.ts";
import { PROBE, WHEN } from "../routes/format.ts";
import type { Messages } from "./message.ts";
import { PATH_SIZE, type State } from "./state.ts";

/** Where ELF keeps what we ask for, by class; see elf(5). */
const LAYOUT = {
  1: {
    header: 52,
    e_phoff: [28, 4],
    e_phentsize: 42,
    e_phnum: 44,
    phdr: 32,
    p_offset: [4, 4],
    p_filesz: [16, 4],
  },
  2: {
    header: 64,
    e_phoff: [32, 8],
    e_phentsize: 54,
    e_phnum: 56,
    phdr: 56,
    p_offset: [8, 8],
    p_filesz: [32, 8],
  },
} as const;

/** Looks into the program: is it dynamically linked, by which loader; is it a .NET program. */
export function defineProbes(s: State, m: Messages) {
  const { code } = s;
  const inFile = defineInFile(s);
  const readLoader = defineReadLoader(s, m, inFile);
  const clr = code.variable("clr");
  const findClr = defineFindClr(s, inFile, clr);
  return {
    /** Does the probe; `onClr` where it finds a .NET program. */
    probe: (which: Variable, onClr: () => void) => {
      code.write(1, s.loader, 0);
      code.set(s.facts, WHEN.STATIC);
      code.if(which, "==", PROBE.PT_INTERP, () => {
        code.call(readLoader);
        const first = code.variable("loader_first");
        code.read(first, 1, s.loader);
        code.if(first, "!=", 0, () => code.set(s.facts, WHEN.DYNAMIC));
      });
      code.if(which, "==", PROBE.CLR, () => {
        code.call(findClr);
        code.if(clr, "==", 1, onClr);
      });
    },
  };
}

export type Probes = ReturnType<typeof defineProbes>;

/** Bytes of the program's file: from the head if they lie in it, else read. */
function defineInFile(s: State) {
  const { code } = s;
  const window = code.buffer("window", PATH_SIZE);
  const offset = code.variable("file_offset");
  const room = code.variable("file_room");
  const left = code.variable("file_left");
  /** Where the bytes stand in memory; 0 if the file does not have them. */
  const at = code.variable("file_at");
  const procedure = code.procedure("in_file", [offset, room], () => {
    code.if(offset, "<=", s.head_length, () => {
      code.do(left, s.head_length, "-", offset);
      code.if(room, "<=", left, () => {
        code.do(at, s.head, "+", offset);
        code.return();
      });
    });
    code.set(at, 0);
    code.if(room, ">", PATH_SIZE, () => code.return());
    code.syscall(left, "pread64", s.descriptor, window, room, offset);
    code.if(left, "==", room, () => code.set(at, window));
  });
  return { at, look: (start: Operand, size: Operand) => code.call(procedure, start, size) };
}

type InFile = ReturnType<typeof defineInFile>;

/** Copies PT_INTERP to `loader`. */
function defineReadLoader(s: State, m: Messages, inFile: InFile) {
  const { code } = s;
  const at = code.variable("load_at");
  const size = code.variable("load_size");
  const value = code.variable("loaded");
  const byte = code.variable("load_byte");
  const data = code.variable("ei_data");
  /** value = the number at an address, in the program's own byte order, byte by byte: it may be unaligned. */
  const load = code.procedure("load", [at, size], () => {
    const shift = code.variable("load_shift");
    code.set(value, 0);
    code.set(shift, 0);
    code.while(size, "!=", 0, () => {
      code.read(byte, 1, at);
      code.if(data, "==", 2, () => code.do(value, value, "<<", 8), () => {
        code.do(byte, byte, "<<", shift);
        code.do(shift, shift, "+", 8);
      });
      code.do(value, value, "|", byte);
      code.do(at, at, "+", 1);
      code.do(size, size, "-", 1);
    });
  });
  /** into = the field at base + offset. */
  const field = (into: Variable, base: Operand, [offset, bytes]: readonly [number, number]) => {
    code.do(into, base, "+", offset);
    code.call(load, into, bytes);
    code.set(into, value);
  };
  const damaged = () => m.fail(126, ["its ELF header leads nowhere: the file is damaged"]);
  const header = code.variable("program_header");
  const offset = code.variable("p_offset");
  const length = code.variable("p_filesz");
  const n = code.variable("e_phnum");
  const stride = code.variable("e_phentsize");

  const copyLoader = code.procedure("copy_loader", [], () => {
    const to = code.variable("loader_to");
    code.if(length, "==", 0, damaged);
    code.if(length, ">", INTERP_LIMIT, damaged);
    inFile.look(offset, length);
    code.if(inFile.at, "==", 0, damaged);
    code.set(to, s.loader);
    code.set(at, inFile.at);
    code.loop(() => {
      code.if(length, "==", 0, damaged);
      code.read(byte, 1, at);
      code.write(1, to, byte);
      code.if(byte, "==", 0, () => code.leave());
      for (const pointer of [at, to]) code.do(pointer, pointer, "+", 1);
      code.do(length, length, "-", 1);
    });
    code.if(to, "==", s.loader, damaged);
  });

  return code.procedure("read_loader", [], () => {
    const elf_class = code.variable("ei_class");
    code.read(elf_class, 1, s.head, 4);
    code.read(data, 1, s.head, 5);
    for (const ei_class of [1, 2] as const) {
      const layout = LAYOUT[ei_class];
      code.if(elf_class, "==", ei_class, () => {
        code.if(s.head_length, "<", layout.header, damaged);
        field(header, s.head, layout.e_phoff);
        field(stride, s.head, [layout.e_phentsize, 2]);
        field(n, s.head, [layout.e_phnum, 2]);
        code.if(n, "==", 0, () => code.return());
        code.if(stride, "!=", layout.phdr, damaged);
        code.if(n, ">", PHDR_LIMIT, () => code.set(n, PHDR_LIMIT));
        code.do(stride, stride, "*", n);
        inFile.look(header, stride);
        code.if(inFile.at, "==", 0, damaged);
        code.set(header, inFile.at);
        code.while(n, "!=", 0, () => {
          field(offset, header, [0, 4]);
          code.if(offset, "==", PT_INTERP, () => {
            field(offset, header, layout.p_offset);
            field(length, header, layout.p_filesz);
            code.call(copyLoader);
            code.return();
          });
          code.do(header, header, "+", layout.phdr);
          code.do(n, n, "-", 1);
        });
      });
    }
  });
}

/**
 * clr = the PE file has a CLR header (data directory 14): it is a .NET program.
 * https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
 */
function defineFindClr(s: State, inFile: InFile, clr: Variable) {
  const { code } = s;
  const value = code.variable("pe_value");
  const header = code.variable("pe_header");
  const magic = code.variable("pe_magic");
  /** After the signature, COFF header and optional header's fields: 16 directories, of which we need 15. */
  const SIZES = { 0x10b: { n: 92, directories: 96 }, 0x20b: { n: 108, directories: 112 } };
  const OPTIONAL = 24;
  return code.procedure("find_clr", [], () => {
    code.set(clr, 0);
    code.if(s.head_length, "<", 0x40, () => code.return());
    code.read(header, 4, s.head, 0x3c);
    inFile.look(header, OPTIONAL + 2);
    code.if(inFile.at, "==", 0, () => code.return());
    code.read(value, 4, inFile.at);
    code.if(value, "!=", 0x00004550, () => code.return());
    code.read(magic, 2, inFile.at, OPTIONAL);
    for (const [optional_magic, { n, directories }] of Object.entries(SIZES)) {
      code.if(magic, "==", Number(optional_magic), () => {
        const clr_header = OPTIONAL + directories + 14 * 8;
        inFile.look(header, clr_header + 4);
        code.if(inFile.at, "==", 0, () => code.return());
        code.read(value, 4, inFile.at, OPTIONAL + n);
        code.if(value, ">", 14, () => {
          code.read(value, 4, inFile.at, clr_header);
          code.if(value, "!=", 0, () => code.set(clr, 1));
        });
      });
    }
  });
}
