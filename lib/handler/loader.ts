import type { Operand, Variable } from "../native/program.ts";
import { ELFDATA2LSB, ELFDATA2MSB, PT_INTERP } from "../elf/constants.ts";
import { INTERP_LIMIT, PHDR_LIMIT } from "../elf/header.ts";
import type { InFile } from "./in_file.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

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

/**
 * Copies PT_INTERP to `loader`; lib/elf/header.ts does the same for people, with the same limits.
 */
export function defineReadLoader(s: State, m: Messages, inFile: InFile) {
  const { code } = s;
  const data = code.variable("ei_data");
  const damaged = () => m.fail(126, ["its ELF header leads nowhere: the file is damaged"]);
  const field = defineField(s, data);
  const offset = code.variable("p_offset");
  const length = code.variable("p_filesz");
  const copyLoader = defineCopyLoader(s, inFile, offset, length, damaged);
  const header = code.variable("program_header");
  const n = code.variable("e_phnum");
  const stride = code.variable("e_phentsize");
  const elf_class = code.variable("ei_class");
  return code.procedure("read_loader", [], () => {
    code.read(elf_class, 1, s.head, 4);
    code.read(data, 1, s.head, 5);
    code.if(data, "<", ELFDATA2LSB, damaged);
    code.if(data, ">", ELFDATA2MSB, damaged);
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
        code.return();
      });
    }
    damaged();
  });
}

/** into = the field at base + offset in the program's own byte order; it may be unaligned. */
function defineField(s: State, data: Variable) {
  const { code } = s;
  const at = code.variable("load_at");
  const size = code.variable("load_size");
  const value = code.variable("load_value");
  const byte = code.variable("load_byte");
  const shift = code.variable("load_shift");
  const load = code.procedure("load", [at, size], () => {
    code.set(value, 0);
    code.set(shift, 0);
    code.while(size, "!=", 0, () => {
      code.read(byte, 1, at);
      code.if(data, "==", ELFDATA2MSB, () => code.do(value, value, "<<", 8), () => {
        code.do(byte, byte, "<<", shift);
        code.do(shift, shift, "+", 8);
      });
      code.do(value, value, "|", byte);
      code.do(at, at, "+", 1);
      code.do(size, size, "-", 1);
    });
  });
  return (into: Variable, base: Operand, [offset, bytes]: readonly [number, number]) => {
    code.do(into, base, "+", offset);
    code.call(load, into, bytes);
    code.set(into, value);
  };
}

/** Copies the string of `length` bytes at the file's `offset`, up to its zero byte. */
function defineCopyLoader(
  s: State,
  inFile: InFile,
  offset: Variable,
  length: Variable,
  damaged: () => void,
) {
  const { code } = s;
  const from = code.variable("loader_from");
  const to = code.variable("loader_to");
  const byte = code.variable("loader_byte");
  return code.procedure("copy_loader", [], () => {
    code.if(length, ">", INTERP_LIMIT, damaged);
    inFile.look(offset, length);
    code.if(inFile.at, "==", 0, damaged);
    code.set(to, s.loader);
    code.set(from, inFile.at);
    code.loop(() => {
      code.if(length, "==", 0, damaged);
      code.read(byte, 1, from);
      code.write(1, to, byte);
      code.if(byte, "==", 0, () => code.leave());
      for (const pointer of [from, to]) code.do(pointer, pointer, "+", 1);
      code.do(length, length, "-", 1);
    });
    code.if(to, "==", s.loader, damaged);
  });
}
